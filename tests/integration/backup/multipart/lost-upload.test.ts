import { describe, expect, test } from "vitest";
import { BackupError } from "../../../../helper/state/errors/backup-error.ts";
import { bucket, engineBench, sha256Of, type EngineBench } from "../../../support/engine/engine-bench.ts";
import { seededBytes } from "../../../support/photos/seeded-random.ts";

const kib = 1024;
const largeFiles = { cutoffBytes: 64 * kib, partBytes: 32 * kib, partsMost: 10_000 };
const key = "photos/Pictures/movie.mov";
const isCreate = { operation: "CreateMultipartUpload" } as const;

async function movieBench() {
  const bench = await engineBench({ behavior: { minPartBytes: 32 * kib } });
  const bytes = seededBytes(1, 200 * kib);
  const path = bench.photo("movie.mov", bytes);
  const run = (ending = new AbortController().signal) => bench.run({ largeFiles, stopping: ending, aborting: ending });
  /** Another computer begins an upload of the same key. @returns its id */
  const theirs = async (options: { parts?: boolean } = {}) => {
    const { multipart } = bench.store;
    const sha256Hex = sha256Of("x");
    const uploadId = await multipart.create({ key, sizeBytes: 1, sha256Hex, contentType: "a/b", metadata: {} });
    const part = { key, uploadId, number: 1, body: Buffer.from("x"), sizeBytes: 1, sha256Hex };
    if (options.parts) await multipart.putPart({ ...part, onSent: () => undefined });
    return uploadId;
  };
  const open = () => bench.s3.multipartUploads(bucket).map(({ uploadId }) => uploadId);
  return { ...bench, bytes, path, run, theirs, open };
}

type Bench = Awaited<ReturnType<typeof movieBench>>;

/** What happens while the engine waits before it asks once more. */
function whileWaiting({ clock }: Pick<EngineBench, "clock">, happens: () => Promise<unknown>): void {
  clock.onSleep = async () => {
    clock.onSleep = () => undefined;
    await happens();
  };
}

async function expectWhole(bench: Bench): Promise<void> {
  expect(await bench.stored("movie.mov")).toBe(sha256Of(bench.bytes));
  expect(bench.intents.all()).toEqual([]);
}

describe("an upload whose id was lost on the way", () => {
  test("is aborted before another is begun", async () => {
    const bench = await movieBench();
    bench.s3.faults.add({ kind: "cut-after-store", match: isCreate, times: 2 });
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(bench.open()).toEqual([]);
    await expectWhole(bench);
  });

  test("is left alone when another computer began one meanwhile: nothing tells the two apart", async () => {
    const bench = await movieBench();
    bench.s3.faults.add({ kind: "cut-after-store", match: isCreate });
    let theirs = "";
    whileWaiting(bench, async () => (theirs = await bench.theirs()));
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(bench.s3.log.counts()).not.toHaveProperty("AbortMultipartUpload");
    expect(bench.open()).toContain(theirs);
    expect(bench.open()).toHaveLength(2);
    await expectWhole(bench);
  });

  test("another computer's in its place, with a part, is not touched", async () => {
    const bench = await movieBench();
    bench.s3.faults.add({ kind: "cut-before-store", match: isCreate });
    let theirs = "";
    whileWaiting(bench, async () => (theirs = await bench.theirs({ parts: true })));
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(bench.open()).toEqual([theirs]);
    await expectWhole(bench);
  });

  test("another computer's, begun long after we asked, is not touched", async () => {
    const bench = await movieBench();
    bench.s3.faults.add({ kind: "status", status: 503, code: "SlowDown", retryAfter: 290, match: isCreate });
    let theirs = "";
    whileWaiting(bench, async () => {
      bench.clock.advance(290_000);
      theirs = await bench.theirs();
    });
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(bench.open()).toEqual([theirs]);
  });

  test("what is not ours stays so through further attempts", async () => {
    const bench = await movieBench();
    bench.s3.faults.add({ kind: "cut-before-store", match: isCreate });
    bench.s3.faults.add({ kind: "cut-after-store", match: { ...isCreate, nth: 3 } });
    let theirs = "";
    whileWaiting(bench, async () => (theirs = await bench.theirs({ parts: true })));
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(bench.open()).toEqual([theirs]);
  });

  test("by a kill right after it was begun is aborted by the next start (invariant 6)", async () => {
    const bench = await movieBench();
    bench.s3.faults.add({ kind: "cut-after-store", match: isCreate, times: Number.POSITIVE_INFINITY });
    const killing = new AbortController();
    bench.clock.onSleep = () => killing.abort(new Error("SIGKILL"));
    await bench.run(killing.signal).catch(() => undefined);
    bench.s3.faults.clear();
    bench.clock.onSleep = () => undefined;
    expect(bench.intents.all()).toMatchObject([{ key }]);
    expect(bench.open()).toHaveLength(1);
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(bench.open()).toEqual([]);
    await expectWhole(bench);
  });

  test("that may not be aborted keeps no photo from its backup", async () => {
    const bench = await movieBench();
    const [accessKey] = bench.s3.accessKeys;
    if (accessKey) accessKey.deniedActions = ["s3:AbortMultipartUpload"];
    bench.s3.faults.add({ kind: "cut-after-store", match: isCreate });
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    await expectWhole(bench);
  });
});

test("one upload that never may be aborted keeps no other there", async () => {
  const bench = await movieBench();
  const ids = [await bench.theirs(), await bench.theirs(), await bench.theirs()];
  for (const uploadId of ids) await bench.intents.leave({ key, uploadId });
  const refusal = { kind: "status", status: 403, code: "AccessDenied" } as const;
  bench.s3.faults.add({ ...refusal, match: { operation: "AbortMultipartUpload" } });
  bench.photo("another.jpg");
  await bench.run();
  expect(bench.intents.left()).toEqual([{ key, uploadId: ids[0] }]);
  expect(bench.open()).toEqual([ids[0]]);
});

test("an upload whose parts are listed without end is aborted and begun anew (invariant 8)", async () => {
  const bench = await movieBench();
  bench.s3.faults.add({
    kind: "status",
    status: 403,
    code: "AccessDenied",
    match: { operation: "UploadPart", nth: 3 },
  });
  await expect(bench.run()).rejects.toMatchObject({ code: "permission-denied" });
  bench.s3.faults.clear();
  const { multipart } = bench.store;
  const listParts = multipart.listParts.bind(multipart);
  const endless = new BackupError("unknown", { detail: "a listing of parts without its end" });
  multipart.listParts = async () => Promise.reject(endless);
  expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
  multipart.listParts = listParts;
  expect(bench.s3.log.counts()).toMatchObject({ CreateMultipartUpload: 2, AbortMultipartUpload: 1 });
  expect(bench.open()).toEqual([]);
  await expectWhole(bench);
});
