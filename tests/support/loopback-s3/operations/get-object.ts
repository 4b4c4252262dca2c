import { checksumHeaders } from "../checksum-headers.ts";
import { S3Error } from "../s3-error.ts";
import { bucketOf, keyOf, type Answer, type OperationContext } from "../operation-context.ts";
import type { StoredObject } from "../stored-object.ts";

/** HeadObject. Without s3:ListBucket a missing key is 403, so that its absence stays hidden. */
export function headObject(context: OperationContext): Answer {
  const object = findObject(context);
  return { status: 200, headers: { ...describe(context, object), "content-length": String(object.sizeBytes) } };
}

/** GetObject, whole or a byte range. */
export function getObject(context: OperationContext): Answer {
  const object = findObject(context);
  if (!context.store.bodies.keepsBytes()) {
    throw new S3Error(501, "NotImplemented", "This server keeps hashes only, not bodies.");
  }
  const range = parseRange(context.request.headers.range, object.sizeBytes);
  const { start, end } = range ?? { start: 0, end: object.sizeBytes };
  const headers = { ...describe(context, object), "content-length": String(end - start) };
  const stored = { segments: object.segments, start, end };
  if (!range) return { status: 200, headers, stored };
  const contentRange = { "content-range": `bytes ${start}-${end - 1}/${object.sizeBytes}` };
  return { status: 206, headers: { ...headers, ...contentRange }, stored };
}

/** DeleteObject: 204 whether or not the key was there. */
export function deleteObject(context: OperationContext): Answer {
  context.store.deleteObject(bucketOf(context), keyOf(context));
  return { status: 204 };
}

function findObject(context: OperationContext): StoredObject {
  const { headers } = context.request;
  if (
    headers["if-match"] ??
    headers["if-none-match"] ??
    headers["if-modified-since"] ??
    headers["if-unmodified-since"]
  ) {
    throw new S3Error(501, "NotImplemented", "Conditional reads are not implemented.");
  }
  if (headers["x-amz-checksum-mode"] !== undefined && context.behavior.checksumModeInHead === "refused") {
    throw new S3Error(400, "InvalidArgument", "Unsupported header 'x-amz-checksum-mode' received for this API call.");
  }
  const object = bucketOf(context).get(keyOf(context));
  if (object) return object;
  if (context.accessKey.deniedActions?.includes("s3:ListBucket"))
    throw new S3Error(403, "AccessDenied", "Access Denied");
  throw new S3Error(404, "NoSuchKey", "The specified key does not exist.");
}

function describe(context: OperationContext, object: StoredObject): Record<string, string> {
  const headers: Record<string, string> = {
    ...object.otherHeaders,
    "content-type": object.contentType,
    etag: object.etag,
    "last-modified": object.lastModified.toUTCString(),
    "accept-ranges": "bytes",
  };
  for (const [name, value] of Object.entries(object.metadata)) headers[`x-amz-meta-${name}`] = value;
  if (object.storageClass !== "STANDARD") headers["x-amz-storage-class"] = object.storageClass;
  // S3 gives no checksum with a range: it would be that of the whole object.
  const wantsChecksum = context.request.headers["x-amz-checksum-mode"] === "ENABLED" && !context.request.headers.range;
  if (wantsChecksum && Object.keys(object.checksums).length > 0) {
    Object.assign(headers, checksumHeaders(object.checksums), { "x-amz-checksum-type": object.checksumType });
  }
  return headers;
}

function parseRange(header: string | undefined, sizeBytes: number): { start: number; end: number } | undefined {
  const [, first = "", last = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (first === "" && last === "") return undefined;
  const start = first === "" ? Math.max(sizeBytes - Number(last), 0) : Number(first);
  const end = first === "" || last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes);
  if (start < end) return { start, end };
  throw new S3Error(416, "InvalidRange", "The requested range is not satisfiable", {
    elements: { ActualObjectSize: String(sizeBytes) },
    headers: { "content-range": `bytes */${sizeBytes}` },
  });
}
