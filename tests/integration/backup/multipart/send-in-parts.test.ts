import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bucket, engineBench, sha256Of, touch, type EngineBench } from "../../../support/engine/engine-bench.ts";
import { stopAmidParts } from "../../../support/engine/stop-amid-parts.ts";
import { seededBytes } from "../../../support/photos/seeded-random.ts";

const kib = 1024;
const largeFiles = { cutoffBytes: 64 * kib, partBytes: 32 * kib, partsMost: 10_000 };
const behavior = { minPartBytes: 32 * kib };
const key = "photos/Pictures/movie.mov";

type Overrides = Parameters<EngineBench["run"]>[0];

async function partsBench(movieBytes = 200 * kib) {
  const bench = await engineBench({ behavior });
  const bytes = seededBytes(1, movieBytes);
  const path = bench.photo("movie.mov", bytes);
  return { ...bench, path, bytes, run: (more: Overrides = {}) => bench.run({ largeFiles, ...more }) };
}

const partsSent = (bench: Pick<EngineBench, "s3">) =>
  bench.s3.requests.filter(({ operation, status }) => operation === "UploadPart" && status === 200).length;

/** The next run begins with the state on disk, as after a kill. */
async function stoppedAfterParts(parts: number) {
  const bench = await partsBench();
  return { ...bench, resume: await stopAmidParts(bench, parts + 1) };
}

describe("a file above the cutoff", () => {
  test("goes in parts, one in flight, and is the file byte for byte (invariants 1 and 5)", async () => {
    const bench = await partsBench();
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0, conflicts: 0 });
    expect(bench.s3.log.counts()).toMatchObject({
      CreateMultipartUpload: 1,
      UploadPart: 7,
      CompleteMultipartUpload: 1,
    });
    expect(bench.s3.log.counts()).not.toHaveProperty("PutObject");
    expect(await bench.stored("movie.mov")).toBe(sha256Of(bench.bytes));
    expect(bench.s3.maxConcurrentBodies).toBe(1);
    expect(bench.s3.object(bucket, key)?.metadata).toMatchObject({ sha256: sha256Of(bench.bytes) });
    expect(bench.ledger.get(bench.path)).toMatchObject({ s3Key: key, sha256: sha256Of(bench.bytes) });
    expect(bench.intents.all()).toEqual([]);
    expect(await bench.run()).toMatchObject({ requests: 0 });
  });

  test("of parts too large to be held is read once more while they are sent", async () => {
    const bench = await engineBench({ behavior });
    const mib = 1024 * kib;
    const bytes = seededBytes(5, 40 * mib);
    bench.photo("long.mov", bytes);
    const limits = { cutoffBytes: mib, partBytes: 17 * mib, partsMost: 10_000 };
    expect(await bench.run({ largeFiles: limits })).toMatchObject({ uploaded: 1, failed: 0 });
    expect(bench.s3.log.counts()).toMatchObject({ UploadPart: 3 });
    expect(await bench.stored("long.mov")).toBe(sha256Of(bytes));
  });

  test("shows no SHA-256 of the store's own, and is known by ours", async () => {
    const bench = await partsBench();
    await bench.run();
    const head = await bench.store.head(key);
    expect(head).toMatchObject({ sizeBytes: bench.bytes.length, sha256: sha256Of(bench.bytes) });
    expect(head).not.toHaveProperty("storeSha256");
  });

  test("never replaces an object that takes its key meanwhile (invariant 3)", async () => {
    const bench = await partsBench();
    const taken = bench.s3.log.waitFor(({ operation }) => operation === "UploadPart");
    const run = bench.run();
    await taken;
    bench.s3.putObjectDirectly(bucket, key, "somebody else's");
    expect(await run).toMatchObject({ uploaded: 1, conflicts: 1 });
    expect((await bench.s3.readObject(bucket, key)).toString()).toBe("somebody else's");
    const entry = bench.ledger.get(bench.path);
    expect(entry?.s3Key).not.toBe(key);
    expect(sha256Of(await bench.s3.readObject(bucket, entry?.s3Key ?? ""))).toBe(sha256Of(bench.bytes));
    expect(bench.s3.multipartUploads(bucket), "the upload that lost its key is aborted").toEqual([]);
  });

  test("a lost answer to the completion counts as our own success", async () => {
    const bench = await partsBench();
    bench.s3.faults.add({ kind: "cut-after-store", match: { operation: "CompleteMultipartUpload" } });
    expect(await bench.run()).toMatchObject({ uploaded: 1, conflicts: 0, failed: 0 });
    expect(bench.s3.objects(bucket)).toHaveLength(1);
    expect(partsSent(bench)).toBe(7);
    expect(bench.intents.all()).toEqual([]);
  });

  test("409 at the completion: the upload is aborted and begun anew", async () => {
    const bench = await partsBench();
    const match = { operation: "CompleteMultipartUpload" } as const;
    bench.s3.faults.add({ kind: "status", status: 409, code: "ConditionalRequestConflict", match });
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(bench.s3.log.counts()).toMatchObject({ CreateMultipartUpload: 2, AbortMultipartUpload: 1 });
    expect(bench.s3.multipartUploads(bucket)).toEqual([]);
    expect(await bench.stored("movie.mov")).toBe(sha256Of(bench.bytes));
  });

  test("an upload whose id was lost on the way is aborted, and no one else's of this key", async () => {
    const bench = await partsBench();
    const theirs = await bench.store.multipart.create({
      ...{ key, sizeBytes: 1, sha256Hex: sha256Of("x"), contentType: "video/quicktime", metadata: {} },
    });
    bench.s3.faults.add({ kind: "cut-after-store", match: { operation: "CreateMultipartUpload" }, times: 2 });
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(bench.s3.multipartUploads(bucket).map((upload) => upload.uploadId)).toEqual([theirs]);
    bench.s3.faults.assertAllFired();
  });

  test("an upload that the store has forgotten is begun anew", async () => {
    const bench = await partsBench();
    bench.s3.faults.add({
      kind: "status",
      status: 404,
      code: "NoSuchUpload",
      match: { operation: "UploadPart", nth: 3 },
    });
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(await bench.stored("movie.mov")).toBe(sha256Of(bench.bytes));
  });

  test("only the part that was cut is sent twice", async () => {
    const bench = await partsBench();
    bench.s3.faults.add({ kind: "cut-before-store", match: { operation: "UploadPart", nth: 4 } });
    bench.s3.faults.add({ kind: "status", status: 503, code: "SlowDown", match: { operation: "UploadPart", nth: 6 } });
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(partsSent(bench)).toBe(7);
    expect(await bench.stored("movie.mov")).toBe(sha256Of(bench.bytes));
    bench.s3.faults.assertAllFired();
  });

  test("a source that changes between its parts never becomes an object", async () => {
    const bench = await partsBench();
    const third = bench.s3.log.waitFor(({ operation }) => operation === "UploadPart");
    const changed = third.then(() => {
      const bytes = Buffer.from(readFileSync(bench.path));
      bytes.fill(7, bytes.length - 10);
      writeFileSync(bench.path, bytes);
      touch(bench.path, new Date(Date.now() - 60_000));
    });
    const run = bench.run();
    await changed;
    const summary = await run;
    const entry = bench.ledger.get(bench.path);
    expect(summary.uploaded + summary.failed + summary.deferred).toBe(1);
    if (entry) expect(entry.sha256).toBe(sha256Of(readFileSync(bench.path)));
    for (const object of bench.s3.objects(bucket)) {
      const stored = sha256Of(await bench.s3.readObject(bucket, object.key));
      expect([sha256Of(bench.bytes), sha256Of(readFileSync(bench.path))]).toContain(stored);
    }
    expect(await bench.run()).toMatchObject({ failed: 0 });
    expect(bench.ledger.get(bench.path)?.sha256).toBe(sha256Of(readFileSync(bench.path)));
    expect(bench.s3.multipartUploads(bucket)).toEqual([]);
  });
});

describe("an upload that was interrupted", () => {
  test("goes on with the parts that the store has (invariant 6)", async () => {
    const bench = await stoppedAfterParts(4);
    expect(bench.intents.all()).toMatchObject([{ key, uploadId: expect.any(String) }]);
    expect(JSON.parse(readFileSync(bench.paths.multipart, "utf8"))).toMatchObject({ version: 1 });
    const before = partsSent(bench);
    const summary = await bench.resume();
    expect(summary).toMatchObject({ uploaded: 1, failed: 0 });
    expect(before).toBe(4);
    expect(partsSent(bench)).toBe(7);
    expect(bench.s3.log.counts()).toMatchObject({ CreateMultipartUpload: 1 });
    expect(await bench.stored("movie.mov")).toBe(sha256Of(bench.bytes));
  });

  test("begins anew for a source that has changed, and aborts the old upload", async () => {
    const bench = await stoppedAfterParts(4);
    const other = seededBytes(2, 200 * kib);
    writeFileSync(bench.path, other);
    expect(await bench.resume()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(bench.s3.log.counts()).toMatchObject({ CreateMultipartUpload: 2, AbortMultipartUpload: 1 });
    expect(await bench.stored("movie.mov")).toBe(sha256Of(other));
    expect(bench.s3.multipartUploads(bucket)).toEqual([]);
  });

  test("that may not be aborted keeps no photo from its backup, and is aborted once it may be", async () => {
    const bench = await stoppedAfterParts(4);
    writeFileSync(bench.path, seededBytes(2, 200 * kib));
    const [accessKey] = bench.s3.accessKeys;
    if (accessKey) accessKey.deniedActions = ["s3:AbortMultipartUpload"];
    expect(await bench.resume()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(bench.s3.multipartUploads(bucket)).toHaveLength(1);
    if (accessKey) accessKey.deniedActions = [];
    bench.photo("another.jpg");
    await bench.resume();
    expect(bench.s3.multipartUploads(bucket)).toEqual([]);
    expect(bench.intents.left()).toEqual([]);
  });

  test("a part that the store holds damaged is sent again", async () => {
    const bench = await stoppedAfterParts(4);
    const [upload] = bench.s3.multipartUploads(bucket);
    const part = upload?.parts.get(2);
    if (part) part.checksums = { sha256: Buffer.alloc(32).toString("base64") };
    expect(await bench.resume()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(partsSent(bench)).toBe(8);
    expect(await bench.stored("movie.mov")).toBe(sha256Of(bench.bytes));
  });

  test("is aborted once its file is gone from the disk, and no upload of anybody else's", async () => {
    const bench = await stoppedAfterParts(4);
    await bench.store.multipart.create({
      ...{ key: "photos/Pictures/of-another-mac.mov", sizeBytes: 1, sha256Hex: sha256Of("x") },
      ...{ contentType: "video/quicktime", metadata: {} },
    });
    rmSync(bench.path);
    bench.photo("another.jpg");
    await bench.resume();
    expect(bench.s3.multipartUploads(bucket).map((upload) => upload.key)).toEqual([
      "photos/Pictures/of-another-mac.mov",
    ]);
    expect(bench.intents.all()).toEqual([]);
  });
});
