import { readFileSync, rmSync } from "node:fs";
import { expect, test } from "vitest";
import type { Finding } from "../../../helper/verify/verify-summary.ts";
import { markLost, unmarkReturned } from "../../../helper/verify/mark-lost.ts";
import { bucket, engineBench } from "../../support/engine/engine-bench.ts";
import { flipBit, verified } from "../../support/engine/verify-bench.ts";

const key = "photos/Pictures/a.jpg";

async function onePhoto() {
  const bench = await engineBench();
  const path = bench.photo("a.jpg");
  await bench.run();
  const mark = async (readPercent = 0) =>
    markLost(bench.ledger, (await verified(bench, { readPercent })).findings, bench.clock.now());
  return { bench, path, mark };
}

test("an object that is gone is sent again by the next run, once", async () => {
  const { bench, mark } = await onePhoto();
  bench.s3.deleteObjectDirectly(bucket, key);
  expect(await mark()).toBe(1);
  expect(await mark()).toBe(0);
  expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
  expect(await verified(bench)).toMatchObject({ objects: 1, present: 1 });
  expect(await bench.run()).toMatchObject({ uploaded: 0, alreadyBackedUp: 1, requests: 0 });
});

test("invariant 3: beside an object that changed the photo is sent under another key, and nothing is overwritten", async () => {
  const { bench, path, mark } = await onePhoto();
  bench.s3.putObjectDirectly(bucket, key, "something else");
  expect(await mark()).toBe(1);
  expect(await bench.run()).toMatchObject({ uploaded: 1 });
  expect(String(await bench.s3.readObject(bucket, key))).toBe("something else");
  expect(bench.ledger.get(path)?.s3Key).toMatch(/a\.[0-9a-f]{8}\.jpg$/);
  expect(bench.ledger.get(path)).not.toHaveProperty("previous");
  expect(await verified(bench)).toMatchObject({ objects: 1, present: 1, extra: 1 });
});

test("invariant 1: an object that lost a bit is not believed again, though its HEAD still has the right checksum", async () => {
  const { bench, path, mark } = await onePhoto();
  flipBit(bench, bucket, key);
  expect(await mark(100)).toBe(1);
  expect(await verified(bench)).toMatchObject({ changed: 1, present: 0 });
  expect(await bench.run()).toMatchObject({ uploaded: 1 });
  expect(bench.ledger.get(path)?.s3Key).not.toBe(key);
  expect(await verified(bench, { readPercent: 100 })).toMatchObject({ present: 1, changed: 0 });
});

test("invariant 1: a copy elsewhere that shares the object has lost it too, whichever folder was verified", async () => {
  const { bench, path, mark } = await onePhoto();
  const copy = bench.photo("copies/b.jpg", readFileSync(path));
  await bench.run();
  expect(bench.ledger.get(copy)?.s3Key).toBe(key);
  flipBit(bench, bucket, key);
  const findings = (await verified(bench, { readPercent: 100 })).findings.map((finding) => ({
    ...finding,
    paths: [path],
  }));
  expect(markLost(bench.ledger, findings, bench.clock.now())).toBe(2);
  await bench.run();
  expect(bench.ledger.get(copy)?.s3Key).not.toBe(key);
  expect(await mark(100)).toBe(0);
});

test("an edit after that does not believe it either, and keeps no lost version", async () => {
  const { bench, path, mark } = await onePhoto();
  flipBit(bench, bucket, key);
  await mark(100);
  await bench.run();
  bench.photo("a.jpg", "edited, and longer");
  bench.clock.advance(60_000);
  await bench.run();
  const keys = [bench.ledger.get(path), ...(bench.ledger.get(path)?.previous ?? [])].map((version) => version?.s3Key);
  expect(keys).toHaveLength(2);
  expect(keys).not.toContain(key);
});

test.each([
  ["gone-from-bucket", 0, "delete"],
  ["changed-in-bucket", 100, "flip"],
])(
  "a photo that is nowhere any more is shown as %s, through every later run, until a copy is put back",
  async (code, readPercent, how) => {
    const { bench, path, mark } = await onePhoto();
    // Wholly empty, the folder would look like an empty mount point.
    bench.photo("b.jpg");
    rmSync(path);
    await bench.run();
    if (how === "flip") flipBit(bench, bucket, key);
    else bench.s3.deleteObjectDirectly(bucket, key);
    await mark(readPercent);
    for (let run = 0; run < 2; run += 1) {
      expect([...bench.ledger.failures()]).toMatchObject([[path, { code, kind: "failed" }]]);
      await bench.run();
    }
    bench.photo("a.jpg");
    expect(await bench.run()).toMatchObject({ uploaded: 1 });
    expect([...bench.ledger.failures()]).toEqual([]);
    expect(await verified(bench, { readPercent: 100 })).toMatchObject({ objects: 2, present: 2 });
  },
);

test("what the ledger renewed meanwhile is left alone, and an earlier version is never sent as the photo", async () => {
  const { bench, path } = await onePhoto();
  const other: Finding = { key: "photos/Pictures/other.jpg", verdict: "missing", paths: [path], isEarlier: false };
  expect(markLost(bench.ledger, [other], bench.clock.now())).toBe(0);
  expect(markLost(bench.ledger, [{ ...other, key, isEarlier: true }], bench.clock.now())).toBe(0);
  expect(markLost(bench.ledger, [{ ...other, key, verdict: "unproved" }], bench.clock.now())).toBe(0);
  expect(bench.ledger.get(path)).not.toHaveProperty("goneSince");
});

test("an object that is back is whole again once its HEAD proved it", async () => {
  const { bench, path, mark } = await onePhoto();
  const body = await bench.s3.readObject(bucket, key);
  const stored = bench.s3.object(bucket, key);
  bench.s3.deleteObjectDirectly(bucket, key);
  await mark();
  bench.s3.putObjectDirectly(bucket, key, body, { metadata: stored?.metadata ?? {}, withChecksum: true });
  const { findings } = await verified(bench);
  const lost = new Set(findings.map((finding) => finding.key));
  expect(unmarkReturned(bench.ledger, (asked) => !lost.has(asked))).toBe(1);
  expect(bench.ledger.get(path)).not.toHaveProperty("goneSince");
});

test("a photo whose file is deleted after its object was found gone is shown by the next run", async () => {
  const { bench, path, mark } = await onePhoto();
  bench.photo("b.jpg");
  bench.s3.deleteObjectDirectly(bucket, key);
  await mark();
  expect([...bench.ledger.failures()]).toEqual([]);
  rmSync(path);
  await bench.run();
  expect([...bench.ledger.failures()]).toMatchObject([[path, { code: "gone-from-bucket", detail: key }]]);
});
