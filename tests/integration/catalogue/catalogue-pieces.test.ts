import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { catalogueBench, pathOf, untilIdle, uploadedAt } from "../../support/engine/catalogue-bench.ts";
import { sessionBucket } from "../../support/engine/session-bench.ts";

describe("when a piece is closed", () => {
  test("every 1,000 entries, in the middle of a run", async () => {
    const bench = await catalogueBench();
    const { record, catalogue } = await bench.open();
    record(0, 999);
    await turn();
    expect(bench.pieces()).toEqual([]);
    record(999, 1_000);
    await untilIdle(bench, () => catalogue.isCurrent);
    expect((await bench.read()).size).toBe(1_000);
    record(1_000, 1_010);
    expect(await catalogue.finish()).toBeUndefined();
    expect(bench.pieces()).toHaveLength(2);
    expect((await bench.read()).size).toBe(1_010);
  });

  test("after 15 minutes, with the next entry", async () => {
    const bench = await catalogueBench();
    const { record, catalogue } = await bench.open();
    record(0, 1);
    bench.clock.advance(15 * 60_000);
    record(1, 2);
    await untilIdle(bench, () => catalogue.isCurrent);
    expect((await bench.read()).size).toBe(2);
  });

  test("after 15 minutes, although the clock was set back by a day", async () => {
    const bench = await catalogueBench();
    const { record, catalogue } = await bench.open();
    record(0, 1);
    bench.clock.advance(-24 * 3_600_000);
    record(1, 2);
    bench.clock.advance(15 * 60_000);
    record(2, 3);
    await untilIdle(bench, () => catalogue.isCurrent);
    expect((await bench.read()).size).toBe(3);
  });

  test("an entry that changes while its piece is on the wire comes again", async () => {
    const bench = await catalogueBench();
    const { record, catalogue, ledger } = await bench.open();
    const late = bench.s3.faults.add({ kind: "slow-answer", delayMs: 1 });
    record(0, 1_000);
    await late.whenFired;
    ledger.markMissing(pathOf(5), uploadedAt);
    await catalogue.finish();
    expect((await bench.read()).get(pathOf(5))).toMatchObject({ missingSince: uploadedAt });
  });

  test("after a refusal photos go on without another try, until the run's end", async () => {
    const bench = await catalogueBench();
    const { record, catalogue } = await bench.open();
    const refused = bench.s3.faults.add({ kind: "status", status: 403, code: "AccessDenied", times: Infinity });
    record(0, 1_000);
    await refused.whenFired;
    await bench.bodies.onIdle();
    await turn();
    const { fired } = refused;
    record(1_000, 2_500);
    await bench.bodies.onIdle();
    expect(refused.fired).toBe(fired);
    expect(await catalogue.finish()).toMatchObject({ code: "permission-denied" });
    refused.remove();
    expect(await catalogue.finish()).toBeUndefined();
    expect((await bench.read()).size).toBe(2_500);
  });
});

describe("snapshots", () => {
  test("one follows when the pieces have outgrown a quarter of it, and stands for all that was before", async () => {
    const bench = await catalogueBench();
    const { record, catalogue } = await bench.open();
    let runs = 0;
    while (!bench.pieces().some((key) => key.includes("snapshot")) && runs < 60) {
      record(runs * 10, runs * 10 + 10);
      expect(await catalogue.finish()).toBeUndefined();
      runs += 1;
    }
    expect(runs).toBeGreaterThan(10);
    const snapshot = bench.pieces().filter((key) => key.includes(".snapshot-1-of-1."));
    expect(snapshot).toHaveLength(1);
    expect((await bench.read(snapshot)).size).toBe(runs * 10);
    // Nothing was replaced or deleted.
    expect(bench.pieces()).toHaveLength(runs + 1);
  });

  test("a ledger older than its catalogue comes as one, in parts of 50,000 lines", { timeout: 30_000 }, async () => {
    const bench = await catalogueBench();
    const before = await bench.open();
    before.record(0, 999);
    await before.catalogue.end();
    before.record(999, 50_001);
    await before.ledger.close();
    const { catalogue, ledger } = await bench.open();
    expect(await catalogue.finish()).toBeUndefined();
    expect(bench.pieces().map((key) => key.split(".").slice(2).join("."))).toEqual([
      "snapshot-1-of-2.jsonl.gz",
      "snapshot-2-of-2.jsonl.gz",
    ]);
    expect((await bench.read()).size).toBe(ledger.size);
    await ledger.close();
  });
});

describe("after an end that nobody noted", () => {
  test("what our own pieces lack is sent, and nothing else", async () => {
    const bench = await catalogueBench();
    const first = await bench.open();
    first.record(0, 20);
    await first.catalogue.finish();
    await first.catalogue.end();
    first.record(20, 23);
    first.ledger.markMissing(pathOf(3), uploadedAt);
    await first.ledger.close();
    const { catalogue, ledger } = await bench.open();
    expect(catalogue.isCurrent).toBe(false);
    await catalogue.finish();
    const [, second = ""] = bench.pieces();
    expect([...(await bench.read([second])).keys()].sort()).toEqual([3, 20, 21, 22].map(pathOf).sort());
    await ledger.close();
    await catalogue.rest();
    expect((await bench.open()).catalogue.isCurrent).toBe(true);
  });

  test("a damaged piece is told of, not believed, and what it held is sent again", async () => {
    const bench = await catalogueBench();
    const first = await bench.open();
    first.record(0, 5);
    await first.catalogue.finish();
    first.record(5, 7);
    await first.catalogue.finish();
    const [damaged = ""] = bench.pieces();
    const bytes = await bench.s3.readObject(sessionBucket, damaged);
    bench.s3.putObjectDirectly(sessionBucket, damaged, bytes.subarray(0, bytes.length - 9));
    await first.ledger.close();
    const { catalogue } = await bench.open();
    await catalogue.finish();
    expect(bench.damaged).toEqual([damaged]);
    expect((await bench.read(bench.pieces().slice(1))).size).toBe(7);
  });

  test("where it may not be read back, everything is sent again", async () => {
    const bench = await catalogueBench();
    const first = await bench.open();
    first.record(0, 5);
    await first.catalogue.finish();
    await first.ledger.close();
    bench.s3.faults.add({ kind: "status", status: 403, code: "AccessDenied", match: { method: "GET" } });
    const { catalogue } = await bench.open();
    expect(await catalogue.finish()).toBeUndefined();
    const [, second = ""] = bench.pieces();
    expect((await bench.read([second])).size).toBe(5);
  });
});
