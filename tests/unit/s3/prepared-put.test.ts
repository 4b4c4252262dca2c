import { expect, onTestFinished, test } from "vitest";
import type { ObjectUpload } from "../../../helper/backup/object-store.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { sha256Of } from "../../support/engine/engine-bench.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";

async function openStore(key: { secretAccessKey?: string } = {}) {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: ["photos"] });
  let asked = () => undefined as void;
  const signed = new Promise<void>((resolve) => (asked = resolve));
  const store = new S3ObjectStore({
    destination: { endpoint: s3.endpoint, region: s3.region, bucket: "photos", prefix: "p" },
    credentials: async () => {
      asked();
      return { accessKeyId: "key", secretAccessKey: "secret", ...key };
    },
    conditionalWrites: "honored",
  });
  onTestFinished(async () => {
    store.close();
    await s3.close();
  });
  return { s3, store, signed };
}

function uploadOf(key: string, content = Buffer.from(key)): ObjectUpload {
  const sha256Hex = sha256Of(content);
  return { key, body: content, sizeBytes: content.length, sha256Hex, contentType: "image/jpeg", metadata: {} };
}

test("an upload made ready waits for its turn, whatever else is sent, and then is like any other", async () => {
  const { s3, store, signed } = await openStore();
  const ahead = store.prepare(uploadOf("p/ahead.jpg"));
  await signed;
  expect(await store.put(uploadOf("p/first.jpg"))).toMatchObject({ kind: "stored" });
  expect(s3.objects("photos").map(({ key }) => key)).toEqual(["p/first.jpg"]);
  expect(store.requestCount).toBe(1);
  expect(await ahead?.send()).toMatchObject({ kind: "stored" });
  expect(store.requestCount).toBe(2);
  // Its key is taken now.
  expect(await store.prepare(uploadOf("p/ahead.jpg"))?.send()).toEqual({ kind: "key-taken" });
});

test("one that is given up was never sent and is not counted, and nothing is left to fail", async () => {
  const { s3, store, signed } = await openStore();
  const ahead = store.prepare(uploadOf("p/ahead.jpg"));
  await signed;
  ahead?.discard();
  expect(await store.put(uploadOf("p/first.jpg"))).toMatchObject({ kind: "stored" });
  expect(s3.log.counts().PutObject).toBe(1);
  expect(store.requestCount).toBe(1);
});

test("a refusal is met by whoever sends it", async () => {
  const { store } = await openStore({ secretAccessKey: "another" });
  const ahead = store.prepare(uploadOf("p/ahead.jpg"));
  await expect(ahead?.send()).rejects.toMatchObject({ code: "credentials-refused" });
});

test("nothing is made ready where the key must be looked at before every upload", async () => {
  const { store } = await openStore();
  store.conditionalWrites = "ignored";
  expect(store.prepare(uploadOf("p/ahead.jpg"))).toBeUndefined();
});
