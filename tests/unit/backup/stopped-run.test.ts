import { describe, expect, test } from "vitest";
import { bucket, engineBench, expectCountsAddUp, type EngineBench } from "../../support/engine/engine-bench.ts";

describe("a stop at any moment", () => {
  test("leaves counts and ledger sane, and the next run does the rest", async () => {
    const bench = await engineBench();
    for (let i = 0; i < 8; i += 1) bench.photo(`${i}.jpg`);
    const steps = ["scan", "HeadObject", "PutObject", "ListObjectsV2", "recorded"] as const;
    for (const [round, step] of steps.entries()) {
      const stopping = new AbortController();
      const stop = () => stopping.abort(new Error(`stopped at ${step}`));
      if (step === "scan") stop();
      if (step === "recorded") bench.hooks.lstat = () => void (bench.progress().phase === "uploading" && stop());
      else void bench.s3.log.waitFor(({ operation }) => operation === step).then(stop);
      bench.s3.log.clear();
      await expect(bench.run({ stopping: stopping.signal }), step).rejects.toThrow(`stopped at ${step}`);
      expectCountsAddUp(bench.progress());
      delete bench.hooks.lstat;
      for (const [, entry] of bench.ledger.entries()) expect(bench.s3.object(bucket, entry.s3Key), step).toBeDefined();
      expect(bench.ledger.lastBackup, step).toBeUndefined();
      expect([...bench.ledger.failures()], step).toEqual([]);
      bench.photo(`more ${round}.jpg`);
    }
    expect(await bench.run()).toMatchObject({ scanned: 13, failed: 0, conflicts: 0 });
    expect(bench.s3.objects(bucket)).toHaveLength(13);
  });

  test("ends at once while an outage is waited out, also for the photo in the middle of its upload", async () => {
    const bench = await engineBench();
    bench.photo("a.jpg");
    bench.s3.faults.add({ kind: "status", status: 503, times: Infinity, match: { operation: "PutObject" } });
    bench.clock.onSleep = () => bench.stopping.abort(new Error("enough"));
    await expect(bench.run()).rejects.toThrow("enough");
    expect(bench.clock.sleeps).toHaveLength(1);
    expectCountsAddUp(bench.progress());
  });

  test("lets the body on the wire finish, and records it", async () => {
    const bench = await engineBench();
    bench.photo("a.jpg", "x".repeat(2_000));
    bench.photo("b.jpg", "y".repeat(2_000));
    bench.s3.faults.add({ kind: "slow", bytesPerSecond: 20_000, match: { operation: "PutObject" } });
    void bench.s3.log
      .waitFor(({ operation }) => operation === "PutObject")
      .then(() => bench.stopping.abort(new Error("enough")));
    await expect(bench.run()).rejects.toThrow("enough");
    expect(bench.s3.log.counts().PutObject).toBe(1);
    const recorded = [...bench.ledger.entries()].map(([, { s3Key }]) => s3Key);
    expect(recorded).toEqual(bench.s3.objects(bucket).map(({ key }) => key));
    expect(recorded).toHaveLength(1);
  });
});

describe("what becomes of the body on the wire when the run is stopped", () => {
  /** Stops while the first body is on the wire, and does something to its file. */
  async function stopAmidBody(bench: EngineBench, then: () => void = () => undefined) {
    bench.s3.faults.add({ kind: "slow", bytesPerSecond: 20_000, match: { operation: "PutObject" } });
    const seen = bench.s3.log
      .waitFor(({ operation }) => operation === "PutObject")
      .then(() => {
        bench.stopping.abort(new Error("enough"));
        then();
      });
    await expect(bench.run()).rejects.toThrow("enough");
    await seen;
    expectCountsAddUp(bench.progress());
    const fresh = () => new AbortController().signal;
    return () => bench.run({ stopping: fresh(), aborting: fresh() });
  }

  test("invariant 4: one whose photo changed meanwhile is an earlier version of it, and nobody else's", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", "x".repeat(2_000));
    const runAgain = await stopAmidBody(bench, () => bench.photo("a.jpg", "y".repeat(1_000)));
    expect(bench.ledger.get(path)).toBeUndefined();
    expect(await runAgain()).toMatchObject({ uploaded: 1, conflicts: 0 });
    expect(bench.ledger.get(path)?.previous).toMatchObject([{ s3Key: "photos/Pictures/a.jpg", size: 2_000 }]);
  });

  test("invariant 1: one that arrived as other bytes is remembered as that", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", "x".repeat(2_000));
    bench.s3.faults.add({ kind: "wrong-checksum", match: { operation: "PutObject" } });
    await stopAmidBody(bench);
    expect(bench.ledger.failure(path)).toMatchObject({ code: "checksum-mismatch" });
  });
});
