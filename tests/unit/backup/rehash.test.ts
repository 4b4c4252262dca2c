import { statSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { engineBench, sha256Of, touch } from "../../support/engine/engine-bench.ts";

// FAT, as Linux numbers it: no change time to trust.
const fat = 0x4d44;

test("reading again finds other bytes under the same size and time, and keeps both versions (invariants 3 and 4)", async () => {
  const bench = await engineBench();
  bench.hooks.fileSystemType = () => fat;
  const path = bench.photo("a.jpg", "first");
  bench.photo("b.jpg", "stays");
  touch(path, new Date(1_700_000_000_000));
  await bench.run();
  writeFileSync(path, "other");
  touch(path, new Date(1_700_000_000_000));
  expect(await bench.run(), "nobody can see it").toMatchObject({ alreadyBackedUp: 2, uploaded: 0 });
  expect(await bench.run({ rehash: true })).toMatchObject({ alreadyBackedUp: 1, uploaded: 1 });
  expect(bench.ledger.get(path)).toMatchObject({
    sha256: sha256Of("other"),
    previous: [{ sha256: sha256Of("first") }],
  });
  expect(await bench.stored("a.jpg")).toBe(sha256Of("first"));
});

test("reading again what is unchanged sends no request, and keeps its entry with the inode as it is now", async () => {
  const bench = await engineBench();
  const path = bench.photo("a.jpg");
  bench.photo("large.mov", Buffer.alloc(17 * 1024 * 1024, "large"));
  await bench.run();
  const entry = bench.ledger.get(path);
  if (entry) bench.ledger.put(path, { ...entry, inode: undefined, ctimeMs: undefined });
  let opened = 0;
  bench.hooks.open = () => void (opened += 1);
  expect(await bench.run({ rehash: true })).toMatchObject({ alreadyBackedUp: 2, uploaded: 0, requests: 0 });
  expect(opened).toBe(2);
  expect(bench.ledger.get(path)).toEqual(entry);
  expect(bench.ledger.get(path)?.inode).toBe(statSync(path).ino);
});

test("reading again what cannot be read is a failure, though the photo is in the bucket", async () => {
  const bench = await engineBench();
  const path = bench.photo("a.jpg");
  await bench.run();
  bench.hooks.read = () => {
    throw Object.assign(new Error("made up by a test"), { code: "EIO" });
  };
  expect(await bench.run({ rehash: true })).toMatchObject({ failed: 1, alreadyBackedUp: 0 });
  expect(bench.ledger.failure(path)?.code).toBe("read-error");
  expect(bench.ledger.get(path)?.s3Key).toBe("photos/Pictures/a.jpg");
});

test("without being asked to, unchanged photos are not opened", async () => {
  const bench = await engineBench();
  bench.photo("a.jpg");
  await bench.run();
  bench.hooks.open = () => expect.unreachable("it was opened");
  expect(await bench.run()).toMatchObject({ alreadyBackedUp: 1, requests: 0 });
});
