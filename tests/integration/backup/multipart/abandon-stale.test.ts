import { writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { bucket, engineBench, type EngineBench } from "../../../support/engine/engine-bench.ts";
import { stopAmidParts } from "../../../support/engine/stop-amid-parts.ts";
import { seededBytes } from "../../../support/photos/seeded-random.ts";

const kib = 1024;
const largeFiles = { cutoffBytes: 64 * kib, partBytes: 32 * kib, partsMost: 10_000 };
const movie = (seed: number) => seededBytes(seed, 200 * kib);

/** A movie in the middle of its upload when the helper was stopped; `isEdit`: another one of its name is backed up. */
async function stoppedAmidParts({ isEdit }: { isEdit: boolean }) {
  const bench = await engineBench({ behavior: { minPartBytes: 32 * kib } });
  const path = bench.photo("movie.mov", movie(1));
  if (isEdit) {
    await bench.run({ largeFiles });
    writeFileSync(path, movie(2));
  }
  return { ...bench, path, resume: await stopAmidParts(bench, 4, { largeFiles }) };
}

function leftOf({ intents, s3 }: Pick<EngineBench, "intents" | "s3">) {
  return { intents: intents.all().length, uploads: s3.multipartUploads(bucket).length };
}

describe("an upload of a file that is then backed up another way is aborted", () => {
  test("once the file was trimmed below the cutoff", async () => {
    const bench = await stoppedAmidParts({ isEdit: false });
    writeFileSync(bench.path, seededBytes(2, 40 * kib));
    expect(await bench.resume()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(leftOf(bench)).toEqual({ intents: 0, uploads: 0 });
  });

  test("once it was edited again, so that its key is another", async () => {
    const bench = await stoppedAmidParts({ isEdit: true });
    writeFileSync(bench.path, movie(3));
    expect(await bench.resume()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(leftOf(bench)).toEqual({ intents: 0, uploads: 0 });
  });

  test("once it is again what the bucket has", async () => {
    const bench = await stoppedAmidParts({ isEdit: true });
    writeFileSync(bench.path, movie(1));
    expect(await bench.resume()).toMatchObject({ uploaded: 0, failed: 0 });
    expect(leftOf(bench)).toEqual({ intents: 0, uploads: 0 });
  });

  test("once it has the bytes of another photo", async () => {
    const bench = await stoppedAmidParts({ isEdit: false });
    bench.photo("small.jpg", seededBytes(5, 40 * kib));
    writeFileSync(bench.path, seededBytes(5, 40 * kib));
    expect(await bench.resume()).toMatchObject({ failed: 0 });
    expect(leftOf(bench)).toEqual({ intents: 0, uploads: 0 });
  });
});

test("an upload stays while its file is still to be sent (invariant 6)", async () => {
  const bench = await stoppedAmidParts({ isEdit: true });
  bench.s3.faults.add({ kind: "wrong-checksum", match: { operation: "UploadPart" }, times: Infinity });
  expect(await bench.resume()).toMatchObject({ uploaded: 0, failed: 1 });
  expect(leftOf(bench)).toEqual({ intents: 1, uploads: 1 });
});
