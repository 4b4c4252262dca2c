import { expect, onTestFinished, test } from "vitest";
import { objectHeadOf } from "../../../helper/s3/object-head-of.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { sha256Of } from "../../support/engine/engine-bench.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";

async function storeWithObject() {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: ["photos"] });
  s3.putObjectDirectly("photos", "a.jpg", "hello", { withChecksum: true });
  const destination = { endpoint: s3.endpoint, region: s3.region, bucket: "photos", prefix: "p" };
  const store = new S3ObjectStore({ destination, credentials: async () => s3.credentials });
  onTestFinished(async () => {
    store.close();
    await s3.close();
  });
  return { s3, store };
}

test("a HEAD tells the SHA-256 that the store computed", async () => {
  const { store } = await storeWithObject();
  expect(await store.head("a.jpg")).toMatchObject({ storeSha256: sha256Of("hello") });
});

test("a store that refuses the question for a checksum is asked without it, from then on at once", async () => {
  const { s3, store } = await storeWithObject();
  s3.faults.add({ kind: "status", status: 403, code: "AccessDenied", match: { operation: "HeadObject" } });
  const head = await store.head("a.jpg");
  expect(head).toMatchObject({ sizeBytes: 5 });
  expect(head).not.toHaveProperty("storeSha256");
  await store.head("a.jpg");
  expect(s3.log.counts().HeadObject).toBe(3);
});

test("invariant 1: a checksum over parts' checksums is none of the whole object", () => {
  const ChecksumSHA256 = Buffer.from(sha256Of("hello"), "hex").toString("base64");
  const answer = { $metadata: {}, ETag: '"e"', ContentLength: 5, ChecksumSHA256 };
  expect(objectHeadOf(answer)).toMatchObject({ storeSha256: sha256Of("hello") });
  expect(objectHeadOf({ ...answer, ChecksumType: "COMPOSITE" })).not.toHaveProperty("storeSha256");
  expect(objectHeadOf({ ...answer, ChecksumSHA256: `${ChecksumSHA256}-2` })).not.toHaveProperty("storeSha256");
});
