import { expect, test } from "vitest";
import type { PreparedPart } from "../../../../helper/backup/multipart/multipart-store.ts";
import { bucket, engineBench, sha256Of } from "../../../support/engine/engine-bench.ts";
import { seededBytes } from "../../../support/photos/seeded-random.ts";

const kib = 1024;
const largeFiles = { cutoffBytes: 64 * kib, partBytes: 32 * kib, partsMost: 10_000 };
const key = "photos/Pictures/movie.mov";

/** A movie of five parts at a store that tells what is made ready, and what becomes of it. */
async function movie() {
  const bench = await engineBench({ behavior: { minPartBytes: 32 * kib } });
  const bytes = seededBytes(3, 160 * kib);
  bench.photo("movie.mov", bytes);
  const { multipart } = bench.store;
  const seen: string[] = [];
  const preparePart = multipart.preparePart.bind(multipart);
  const third = Promise.withResolvers<void>();
  const answered: { part?: (number: number) => Promise<void> } = {};
  multipart.preparePart = (part, signal) => {
    const prepared = preparePart(part, signal) as PreparedPart;
    seen.push(`ready ${part.number}`);
    if (part.number === 3) third.resolve();
    const send = async () => {
      seen.push(`sent ${part.number}`);
      const stored = await prepared.send();
      await answered.part?.(part.number);
      return stored;
    };
    return { send, discard: () => (seen.push(`given up ${part.number}`), prepared.discard()) };
  };
  const run = () => bench.run({ largeFiles });
  return { ...bench, bytes, seen, answered, thirdReady: third.promise, run };
}

test("every part is made ready and signed while the one before it is on the wire", async () => {
  const bench = await movie();
  expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
  expect(bench.seen.filter((what) => what.startsWith("sent"))).toEqual([1, 2, 3, 4, 5].map((part) => `sent ${part}`));
  expect(bench.s3.log.counts()).toMatchObject({ UploadPart: 5 });
  expect(bench.store.requestCount).toBe(bench.s3.requests.length);
  expect(sha256Of(await bench.s3.readObject(bucket, key))).toBe(sha256Of(bench.bytes));
});

test("a part whose signature would grow old is made anew", async () => {
  const bench = await movie();
  bench.answered.part = async (part) => {
    if (part !== 2) return;
    await bench.thirdReady;
    // The second's body took more than a minute.
    bench.clock.advance(61_000);
  };
  expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
  expect(bench.seen).toContain("given up 3");
  expect(bench.seen).not.toContain("sent 3");
  expect(bench.s3.log.counts()).toMatchObject({ UploadPart: 5 });
  expect(sha256Of(await bench.s3.readObject(bucket, key))).toBe(sha256Of(bench.bytes));
});

test("a part made ready behind one that fails for good is given up and never sent", async () => {
  const bench = await movie();
  bench.s3.faults.add({
    kind: "status",
    status: 403,
    code: "AccessDenied",
    match: { operation: "UploadPart", nth: 2 },
  });
  await expect(bench.run()).rejects.toMatchObject({ code: "permission-denied" });
  expect(bench.seen).toContain("given up 3");
  expect(bench.seen).not.toContain("sent 3");
});
