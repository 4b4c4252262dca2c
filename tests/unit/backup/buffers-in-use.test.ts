import { expect, onTestFinished, test, vi } from "vitest";
import { BufferPool } from "../../../helper/backup/buffer-pool.ts";
import { PartReader } from "../../../helper/backup/multipart/part-reader.ts";
import { bucket, engineBench, sha256Of } from "../../support/engine/engine-bench.ts";

const kib = 1024;
const largeFiles = { cutoffBytes: 64 * kib, partBytes: 32 * kib, partsMost: 10_000 };
const putObject = { operation: "PutObject" } as const;
const uploadPart = { operation: "UploadPart" } as const;

function watched(owner: { giveBack(given: never): void }) {
  const spy = vi.spyOn(owner, "giveBack");
  onTestFinished(() => spy.mockRestore());
  return spy;
}

test("memory is handed out once until it is given back, and then again", () => {
  const pool = new BufferPool();
  const [first, second] = [pool.take(1_000), pool.take(1_000)];
  expect(first.buffer).not.toBe(second.buffer);
  pool.giveBack(first);
  const third = pool.take(60_000);
  expect(third.buffer).toBe(first.buffer);
  expect(third).toHaveLength(60_000);
  expect(pool.take(1_000).buffer).not.toBe(first.buffer);
});

test("the pool keeps no more than 8 MiB", () => {
  const pool = new BufferPool();
  const [kept, dropped] = [pool.take(8 * kib * kib), pool.take(1)];
  pool.giveBack(kept);
  pool.giveBack(dropped);
  expect(pool.take(1).buffer).toBe(kept.buffer);
});

test("the memory of a photo is used again once its upload came through", async () => {
  const bench = await engineBench();
  const given = watched(BufferPool.prototype);
  bench.photo("a.jpg");
  expect(await bench.run()).toMatchObject({ uploaded: 1 });
  expect(given).toHaveBeenCalledTimes(1);
});

test.each([
  ["had no answer at first", { kind: "cut-before-store", match: putObject }, { uploaded: 1 }, 0],
  ["met a key that is taken", { kind: "status", status: 412, match: putObject }, { uploaded: 1 }, 0],
  // The second pass finds it whole; the memory it was read into then is quiet.
  ["failed at first", { kind: "wrong-checksum", match: putObject }, { alreadyBackedUp: 1 }, 1],
] as const)(
  "invariant 1: the memory of a photo whose upload %s is left to that alone",
  async (_, fault, outcome, quiet) => {
    const bench = await engineBench();
    const givenBack = watched(BufferPool.prototype);
    bench.photo("a.jpg");
    bench.s3.faults.add(fault);
    expect(await bench.run()).toMatchObject(outcome);
    expect(givenBack).toHaveBeenCalledTimes(quiet);
  },
);

test("invariant 1: the memory of a part that was sent twice is not used again, and of others only once they are through", async () => {
  const bench = await engineBench({ behavior: { minPartBytes: 32 * kib } });
  const numbers: number[] = [];
  const sent = () => bench.s3.log.counts().UploadPart ?? 0;
  const sentBefore: number[] = [];
  const given = watched(PartReader.prototype);
  given.mockImplementation(({ number }: { number: number }) => {
    numbers.push(number);
    sentBefore.push(sent());
  });
  const content = Buffer.alloc(120 * kib, "a movie ");
  bench.photo("movie.mov", content);
  bench.s3.faults.add({ kind: "cut-before-store", match: { ...uploadPart, nth: 2 } });
  expect(await bench.run({ largeFiles })).toMatchObject({ uploaded: 1 });
  expect(numbers).toEqual([1, 3, 4]);
  expect(sentBefore).toEqual([1, 4, 5]);
  expect(sha256Of(await bench.s3.readObject(bucket, "photos/Pictures/movie.mov"))).toBe(sha256Of(content));
});
