import { expect, test } from "vitest";
import type { FaultRequest } from "../../support/loopback-s3/faults.ts";
import { sessionBench } from "../../support/engine/session-bench.ts";

/** Enough that a run of its own accord lists the bucket and reads its catalogue. */
const photos = Array.from({ length: 24 }, (_, index) => `${index}.jpg`);

const networkLoss: FaultRequest = { kind: "cut-before-store", times: Infinity };

test.each([
  ["the bucket is listed", { operation: "ListObjectsV2", nth: 2 }],
  ["its catalogue is read", { nth: 3 }],
] as const)("an outage that begins while %s stops the run at the end of our patience", async (_, match) => {
  const bench = await sessionBench();
  for (const name of photos.slice(0, 12)) bench.photo(name);
  await bench.backUp();
  for (const name of photos.slice(12)) bench.photo(name);
  const session = await bench.open({ patienceMs: 300_000 });
  const outage = bench.s3.faults.add({ ...networkLoss, match });
  const since = bench.clock.now();
  await expect(session.run(bench.runOf())).rejects.toMatchObject({ code: "network-down" });
  expect(bench.clock.now() - since).toBe(300_000);
  expect(outage.fired).toBeGreaterThan(1);
  outage.remove();
  expect(await session.run(bench.runOf())).toMatchObject({ uploaded: 12, failed: 0 });
  await session.close();
});

test("an outage that is over before our patience is only waited for", async () => {
  const bench = await sessionBench();
  for (const name of photos) bench.photo(name);
  const session = await bench.open({ patienceMs: 300_000 });
  bench.s3.faults.add({ kind: "cut-before-store", times: 3, match: { operation: "ListObjectsV2", nth: 2 } });
  expect(await session.run(bench.runOf())).toMatchObject({ uploaded: 24, failed: 0 });
  expect(bench.clock.sleeps).toHaveLength(3);
  await session.close();
});
