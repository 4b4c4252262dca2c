import { expect, test } from "vitest";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { engineBench } from "../../support/engine/engine-bench.ts";

const photos = Array.from({ length: 12 }, (_, index) => `${index}.jpg`);

test("the first photos are read while the bucket is asked, and no more than may be held", async () => {
  const bench = await engineBench();
  for (const name of photos) bench.photo(name);
  const opened: string[] = [];
  const aheadRead = Promise.withResolvers<void>();
  bench.hooks.open = (path) => {
    if (opened.push(path) === 4) aheadRead.resolve();
  };
  const openStore = async () => {
    await aheadRead.promise;
    return bench.store;
  };
  const openBucketView = async () => void expect(opened).toHaveLength(4);
  expect(await bench.run({ openStore, openBucketView })).toMatchObject({ uploaded: 12, failed: 0 });
});

test.each([
  ["refused", new BackupError("credentials-refused")],
  ["not understood", new BackupError("unknown")],
  ["not understood by anybody", new Error("made up by a test")],
])(
  "a bucket that is %s stops the run with its own error, and no photo read ahead is called failed",
  async (_, error) => {
    const bench = await engineBench();
    for (const name of photos) bench.photo(name);
    await expect(bench.run({ openStore: () => Promise.reject(error) })).rejects.toBe(error);
    expect([...bench.ledger.failures()]).toEqual([]);
    expect(bench.ledger.size).toBe(0);
    expect(bench.s3.requests).toEqual([]);
  },
);

test("a bucket that was just checked is not asked for the same again, by the first run only", async () => {
  const bench = await engineBench();
  bench.photo("a.jpg");
  bench.store.isJustChecked = true;
  await bench.run();
  expect(bench.s3.requests.map(({ operation }) => operation)).not.toContain("ListObjectsV2");
  bench.photo("b.jpg");
  await bench.run();
  expect(bench.s3.requests.map(({ operation }) => operation)).toContain("ListObjectsV2");
});
