import { describe, expect, test } from "vitest";
import type { StoreLimits } from "../../../../helper/backup/multipart/plan-parts.ts";
import { bucket, engineBench, sha256Of } from "../../../support/engine/engine-bench.ts";
import type { StoreBehavior } from "../../../support/loopback-s3/loopback-options.ts";
import { personaOf } from "../../../support/loopback-s3/personas.ts";
import { seededBytes } from "../../../support/photos/seeded-random.ts";

const mib = 1024 * 1024;
const key = "photos/Pictures/movie.mov";
const largeFiles = { cutoffBytes: 2 * mib, partBytes: mib, partsMost: 10_000 };

async function movieAt(behavior: Partial<StoreBehavior>, limits: StoreLimits, movieBytes = 12.5 * mib) {
  const bench = await engineBench({ behavior: { ...behavior, minPartBytes: mib } });
  Object.assign(bench.store, { limits });
  const bytes = seededBytes(7, movieBytes);
  bench.photo("movie.mov", bytes);
  const run = (limits = largeFiles) => {
    const fresh = () => new AbortController().signal;
    return bench.run({ largeFiles: limits, stopping: fresh(), aborting: fresh() });
  };
  const stopAfterParts = async (parts: number) => {
    const { faults, log } = bench.s3;
    faults.add({ kind: "stall", match: { operation: "UploadPart", nth: parts + 1 } });
    const { stopping, aborting } = bench;
    const stopped = bench.run({ largeFiles, stopping: stopping.signal, aborting: aborting.signal });
    const ended = stopped.catch((error: unknown) => error);
    await log.waitFor((request) => request.faults.includes("stall"));
    for (const controller of [stopping, aborting]) controller.abort(new Error("SIGTERM"));
    await ended;
    faults.clear();
  };
  return { ...bench, bytes, run, stopAfterParts };
}

const partsSent = ({ s3 }: Pick<Awaited<ReturnType<typeof movieAt>>, "s3">) =>
  s3.requests.filter(({ operation, status }) => operation === "UploadPart" && status === 200).length;

describe("Cloudflare's R2, which wants parts of one size", () => {
  test("refuses others", async () => {
    const { store, s3 } = await movieAt(personaOf("r2"), {});
    const sha256Hex = sha256Of("x");
    const uploadId = await store.multipart.create({ key, sizeBytes: 1, sha256Hex, contentType: "a/b", metadata: {} });
    const parts = [];
    for (const [index, sizeBytes] of [2 * mib, mib, mib].entries()) {
      const body = seededBytes(index, sizeBytes);
      const part = { key, uploadId, number: index + 1, body, sizeBytes, sha256Hex: sha256Of(body) };
      const stored = await store.multipart.putPart({ ...part, onSent: () => undefined });
      if (stored) parts.push(stored);
    }
    expect(await store.multipart.complete({ key, uploadId, parts, sizeBytes: 4 * mib })).toEqual({
      kind: "start-anew",
    });
    expect(s3.object(bucket, key)).toBeUndefined();
  });

  test("takes the engine's", async () => {
    const bench = await movieAt(personaOf("r2"), {});
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(partsSent(bench)).toBe(13);
    expect(await bench.stored("movie.mov")).toBe(sha256Of(bench.bytes));
  });

  test("takes them of an upload that was resumed, also once parts are of another size by default", async () => {
    const bench = await movieAt(personaOf("r2"), {});
    await bench.stopAfterParts(4);
    expect(await bench.run({ ...largeFiles, partBytes: 3 * mib })).toMatchObject({ uploaded: 1, failed: 0 });
    expect(partsSent(bench)).toBe(13);
    expect(bench.s3.log.counts()).toMatchObject({ CreateMultipartUpload: 1 });
    expect(await bench.stored("movie.mov")).toBe(sha256Of(bench.bytes));
  });
});

describe("a service that takes few parts", () => {
  test("gets larger ones", async () => {
    const bench = await movieAt({ maxParts: 10 }, { partsMost: 10 });
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(partsSent(bench)).toBe(7);
    expect(await bench.stored("movie.mov")).toBe(sha256Of(bench.bytes));
  });

  test("which shows after an upload was begun in too many: it is aborted and begun anew", async () => {
    const bench = await movieAt({ maxParts: 10 }, {});
    await bench.stopAfterParts(4);
    Object.assign(bench.store, { limits: { partsMost: 10 } });
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    expect(bench.s3.log.counts()).toMatchObject({ CreateMultipartUpload: 2, AbortMultipartUpload: 1 });
    expect(bench.s3.multipartUploads(bucket)).toEqual([]);
    expect(await bench.stored("movie.mov")).toBe(sha256Of(bench.bytes));
  });
});

test("a service without uploads in parts gets the file whole", async () => {
  const bench = await movieAt({}, { partsMost: 0 });
  expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
  expect(bench.s3.log.counts()).not.toHaveProperty("CreateMultipartUpload");
  expect(await bench.stored("movie.mov")).toBe(sha256Of(bench.bytes));
});
