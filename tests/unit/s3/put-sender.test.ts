import { setImmediate as turnOfLoop } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, onTestFinished, test } from "vitest";
import type { ObjectUpload } from "../../../helper/backup/object-store.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { sha256Of } from "../../support/engine/engine-bench.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";

async function openStore() {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: ["photos"] });
  const store = new S3ObjectStore({
    destination: { endpoint: s3.endpoint, region: s3.region, bucket: "photos", prefix: "p" },
    credentials: async () => ({ accessKeyId: "key", secretAccessKey: "secret" }),
    conditionalWrites: "honored",
  });
  onTestFinished(async () => {
    store.close();
    await s3.close();
  });
  return { s3, store };
}

function uploadOf(key: string, contentType = "image/jpeg"): ObjectUpload {
  const content = Buffer.from(`content of ${key}`);
  const sha256Hex = sha256Of(content);
  return { key, body: content, sizeBytes: content.length, sha256Hex, contentType, metadata: { of: key } };
}

test("uploads that share their steps keep what is their own, whichever goes first", async () => {
  const { s3, store } = await openStore();
  const uploads = [uploadOf("p/1.jpg"), uploadOf("p/2.png", "image/png"), uploadOf("p/3.heic", "image/heic")];
  const ahead = uploads.map((upload) => store.prepare(upload));
  for (const one of ahead.toReversed()) expect(await one?.send()).toMatchObject({ kind: "stored" });
  expect(
    s3.objects("photos").map(({ key, sha256, contentType, metadata }) => [key, sha256, contentType, metadata]),
  ).toEqual(uploads.map(({ key, sha256Hex, contentType, metadata }) => [key, sha256Hex, contentType, metadata]));
});

test("an abort ends its own upload, not the next", async () => {
  const { s3, store } = await openStore();
  const first = new AbortController();
  const aborted = store.prepare(uploadOf("p/1.jpg"), first.signal);
  const other = store.prepare(uploadOf("p/2.jpg"), new AbortController().signal);
  first.abort(new Error("stopped"));
  await expect(aborted?.send()).rejects.toThrow("stopped");
  expect(await other?.send()).toMatchObject({ kind: "stored" });
  expect(s3.objects("photos").map(({ key }) => key)).toEqual(["p/2.jpg"]);
});

test("the first photo does not stay in memory for what it has in common with the next", async () => {
  const { store } = await openStore();
  const bodies: WeakRef<object>[] = [];
  for (const key of ["p/1.jpg", "p/2.jpg"]) {
    const upload = uploadOf(key);
    bodies.push(new WeakRef(upload.body));
    expect(await store.put(upload)).toMatchObject({ kind: "stored" });
  }
  setFlagsFromString("--expose-gc");
  const gc = runInNewContext("gc") as () => void;
  for (let tries = 0; tries < 50 && bodies[0]?.deref(); tries += 1) {
    await turnOfLoop();
    gc();
  }
  expect(bodies[0]?.deref()).toBeUndefined();
});
