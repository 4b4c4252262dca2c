import { onTestFinished } from "vitest";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import type { TimeLimits } from "../../../helper/s3/time-limits.ts";
import type { StoreBehavior } from "../loopback-s3/loopback-options.ts";
import { startLoopbackS3 } from "../loopback-s3/start-loopback-s3.ts";

interface LoopbackStoreOptions {
  deniedActions?: string[];
  /** Where the store looks; "photos" and, in another region, "elsewhere" are there. */
  bucket?: string;
  region?: string;
  secret?: string;
  limits?: Partial<TimeLimits>;
  behavior?: Partial<StoreBehavior>;
}

/** A loopback S3 with an object store in front of it, both closed when the test has finished. */
export async function openLoopbackStore(options: LoopbackStoreOptions = {}) {
  const s3 = await startLoopbackS3({
    accessKeyId: "key",
    secretAccessKey: "secret",
    buckets: ["photos", { name: "elsewhere", region: "eu-west-1" }],
    ...(options.deniedActions ? { deniedActions: options.deniedActions } : {}),
    ...(options.behavior ? { behavior: options.behavior } : {}),
  });
  const store = new S3ObjectStore({
    destination: {
      endpoint: s3.endpoint,
      region: options.region ?? s3.region,
      bucket: options.bucket ?? "photos",
      prefix: "p",
    },
    credentials: async () => ({ accessKeyId: "key", secretAccessKey: options.secret ?? "secret" }),
    ...(options.limits ? { limits: options.limits } : {}),
  });
  onTestFinished(async () => {
    store.close();
    await s3.close();
  });
  return { s3, store };
}
