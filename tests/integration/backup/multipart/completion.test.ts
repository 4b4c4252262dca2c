import { describe, expect, test } from "vitest";
import { bucket, engineBench, sha256Of } from "../../../support/engine/engine-bench.ts";
import type { StoreBehavior } from "../../../support/loopback-s3/loopback-options.ts";
import { seededBytes } from "../../../support/photos/seeded-random.ts";

const kib = 1024;
const largeFiles = { cutoffBytes: 64 * kib, partBytes: 32 * kib, partsMost: 10_000 };
const key = "photos/Pictures/movie.mov";
const isCompletion = { operation: "CompleteMultipartUpload" } as const;

async function movieBench(behavior: Partial<StoreBehavior> = {}) {
  const bench = await engineBench({ behavior: { ...behavior, minPartBytes: 32 * kib } });
  const bytes = seededBytes(1, 200 * kib);
  bench.photo("movie.mov", bytes);
  bench.store.conditionalWrites = "honored";
  return { ...bench, bytes, run: () => bench.run({ largeFiles }) };
}

describe("a conflict at the completion", () => {
  test.each([
    ["OperationAborted", 1],
    ["SomethingElseIsUnderWay", 3],
  ])("%s passes: it is asked for again, and no part is sent twice", async (code, times) => {
    const bench = await movieBench();
    bench.s3.faults.add({ kind: "status", status: 409, code, match: isCompletion, times });
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0, conflicts: 0 });
    bench.s3.faults.assertAllFired();
    expect(bench.s3.log.counts()).toMatchObject({ CreateMultipartUpload: 1, UploadPart: 7 });
    expect(bench.s3.log.counts()).not.toHaveProperty("AbortMultipartUpload");
    expect(await bench.stored("movie.mov")).toBe(sha256Of(bench.bytes));
  });

  test("that does not pass leads to another upload, and to a failure of this photo in the end (invariant 8)", async () => {
    const bench = await movieBench();
    bench.photo("small.jpg");
    const fault = { kind: "status", status: 409, code: "OperationAborted", match: isCompletion } as const;
    bench.s3.faults.add({ ...fault, times: 5 });
    expect(await bench.run()).toMatchObject({ uploaded: 2, failed: 0 });
    expect(bench.s3.log.counts()).toMatchObject({ CreateMultipartUpload: 2, AbortMultipartUpload: 1 });
    expect(bench.s3.multipartUploads(bucket)).toEqual([]);
  });
});

describe("a completion answered with another composite checksum", () => {
  test("while the object is whole leaves no second copy", async () => {
    const bench = await movieBench();
    bench.s3.faults.add({ kind: "wrong-checksum", match: isCompletion });
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0, conflicts: 0 });
    expect(bench.s3.objects(bucket).map((object) => object.key)).toEqual([key]);
    expect(await bench.stored("movie.mov")).toBe(sha256Of(bench.bytes));
    expect(bench.intents.all()).toEqual([]);
  });

  test("which the store repeats is believed: the object is not taken for the photo (invariant 1)", async () => {
    const bench = await movieBench();
    bench.s3.faults.add({ kind: "wrong-checksum", match: isCompletion });
    bench.s3.faults.add({ kind: "wrong-checksum", match: { operation: "HeadObject", nth: 3 } });
    expect(await bench.run()).toMatchObject({ uploaded: 1 });
    expect(bench.s3.objects(bucket)).toHaveLength(2);
  });
});

describe("invariant 3: where a service overlooks the condition of a completion", () => {
  test("and it is known, a HEAD right before keeps what took the key meanwhile", async () => {
    const bench = await movieBench({ completesConditionally: false });
    Object.assign(bench.store, { limits: { completesConditionally: false } });
    const last = bench.s3.log.waitFor(() => bench.s3.log.counts().UploadPart === 7);
    const run = bench.run();
    await last;
    bench.s3.putObjectDirectly(bucket, key, "somebody else's");
    expect(await run).toMatchObject({ uploaded: 1, conflicts: 1 });
    expect((await bench.s3.readObject(bucket, key)).toString()).toBe("somebody else's");
  });
});
