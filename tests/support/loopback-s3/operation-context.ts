import type { Segment } from "./body-store.ts";
import type { Bucket } from "./bucket.ts";
import type { ActiveFaults } from "./faults.ts";
import type { StoreBehavior } from "./loopback-options.ts";
import type { ReceivedBody } from "./receive-body.ts";
import { S3Error } from "./s3-error.ts";
import type { S3Request } from "./s3-request.ts";
import type { Store } from "./store.ts";
import type { AccessKey } from "./loopback-options.ts";

/** What an operation is given: the request, whose signature and permission are already checked, and the store. */
export interface OperationContext {
  request: S3Request;
  store: Store;
  behavior: StoreBehavior;
  region: string;
  accessKey: AccessKey;
  faults: ActiveFaults;
  now: () => Date;
  /** Takes the body, verified against everything the headers say about it. */
  receive: () => Promise<ReceivedBody>;
  /** Takes a small body as text. */
  receiveText: () => Promise<string>;
}

/** What an operation answers. The body is text, or a stretch of a stored body. */
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  body?: string;
  stored?: { segments: readonly Segment[]; start: number; end: number };
}

/** The bucket a request names. @throws S3Error NoSuchBucket */
export function bucketOf({ request, store }: OperationContext): Bucket {
  return store.bucket(request.bucket ?? "");
}

/** The key a request names. */
export function keyOf({ request }: OperationContext): string {
  return request.key ?? "";
}

/** The number in a query parameter, between 0 and `max`. @throws S3Error InvalidArgument */
export function countParameter({ request }: OperationContext, name: string, max: number): number {
  const text = request.query.get(name);
  if (text === undefined || text === "") return max;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 0) {
    throw new S3Error(400, "InvalidArgument", `Argument ${name} must be an integer between 0 and 2147483647`);
  }
  return Math.min(count, max);
}
