import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import { sessionBench, sessionBucket } from "../../support/engine/session-bench.ts";

const gone = { kind: "status", status: 404, code: "NoSuchBucket", times: Infinity } as const;

/** Three photos are backed up; then the bucket is gone, and a fourth photo makes a run notice. */
async function bereaved() {
  const bench = await sessionBench();
  for (const name of ["a.jpg", "b.jpg", "c.jpg"]) bench.photo(name);
  await bench.backUp();
  bench.photo("new.jpg");
  const fault = bench.s3.faults.add(gone);
  await expect(bench.backUp()).rejects.toMatchObject({ code: "bucket-missing" });
  fault.remove();
  return bench;
}

const photoKeys = ({ s3 }: Awaited<ReturnType<typeof sessionBench>>) =>
  s3
    .objects(sessionBucket)
    .map(({ key }) => key)
    .filter((key) => !key.includes("/.photolala/"));

test("invariant 1: nothing that was in a bucket made anew counts as backed up", async () => {
  const bench = await bereaved();
  for (const key of photoKeys(bench)) bench.s3.deleteObjectDirectly(sessionBucket, key);
  expect(await bench.backUp()).toMatchObject({ scanned: 4, uploaded: 4, failed: 0 });
  expect(photoKeys(bench)).toHaveLength(4);
});

test("a bucket that is back as it was is compared once, and nothing is sent again", async () => {
  const bench = await bereaved();
  expect(await bench.backUp()).toMatchObject({ scanned: 4, uploaded: 1, failed: 0 });
  bench.s3.log.clear();
  expect(await bench.backUp()).toMatchObject({ requests: 0 });
  expect(bench.s3.requests).toEqual([]);
});

test("the doubt stays while the bucket cannot be compared, also where there is nothing new", async () => {
  const bench = await bereaved();
  for (const key of photoKeys(bench)) bench.s3.deleteObjectDirectly(sessionBucket, key);
  const outage = bench.s3.faults.add({ kind: "status", status: 503, times: Infinity });
  await expect(bench.backUp()).rejects.toMatchObject({ code: "throttled" });
  outage.remove();
  expect(await bench.backUp()).toMatchObject({ uploaded: 4, failed: 0 });
});

test("photos that are nowhere any more are failures then, and no success", async () => {
  const bench = await sessionBench();
  bench.photo("a.jpg");
  await bench.backUp();
  const session = await bench.open();
  const fault = bench.s3.faults.add(gone);
  bench.photo("b.jpg");

  rmSync(`${bench.folder}/a.jpg`);
  await expect(session.run(bench.runOf())).rejects.toMatchObject({ code: "bucket-missing" });
  fault.remove();
  bench.s3.deleteObjectDirectly(sessionBucket, "photos/Pictures/a.jpg");
  expect(await session.run(bench.runOf())).toMatchObject({ uploaded: 1 });
  expect([...session.ledger.failures()].map(([, { code }]) => code)).toEqual(["gone-from-bucket"]);
  await session.close();
});
