import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { failing, gateBench, gateStartMs } from "../../support/engine/gate-bench.ts";

describe("an outage", () => {
  test("whose Retry-After outlasts our patience is given up when that ends, without asking earlier", async () => {
    const { clock, gate } = gateBench({ patienceMs: 120_000 });
    const asked = failing(1, () => new BackupError("throttled", { retryAfterMs: 900_000 }));
    const late = failing(0);
    const first = gate.run(asked.operation);
    while (!gate.outage) await turn();
    const ends = await Promise.allSettled([first, gate.run(late.operation)]);
    expect(ends.map((end) => end.status === "rejected" && (end.reason as BackupError).code)).toEqual([
      "throttled",
      "throttled",
    ]);
    expect([asked.toldTries, late.toldTries]).toEqual([[0], []]);
    expect(clock.now() - gateStartMs).toBe(120_000);
  });

  test("whose Retry-After ends before our patience is waited for in full", async () => {
    const { clock, gate } = gateBench({ patienceMs: 120_000 });
    const { operation } = failing(1, () => new BackupError("throttled", { retryAfterMs: 119_000 }));
    expect(await gate.run(operation)).toBe("done");
    expect(clock.now() - gateStartMs).toBe(119_000);
  });

  test("without one is tried a last time when our patience ends, and not long after", async () => {
    const { clock, gate } = gateBench({ patienceMs: 120_000 });
    await expect(gate.run(failing(Number.POSITIVE_INFINITY).operation)).rejects.toMatchObject({ code: "network-down" });
    expect(clock.now() - gateStartMs).toBe(120_000);
  });

  test("is not made shorter by a Retry-After that comes late, from a request already under way", async () => {
    const { clock, gate } = gateBench({ patienceMs: 120_000 });
    const late = Promise.withResolvers<void>();
    const slow = gate.run(async () => {
      await late.promise;
      throw new BackupError("throttled", { retryAfterMs: 900_000 });
    });
    const other = failing(1);
    clock.onSleep = async () => {
      late.resolve();
      while ((gate.outage?.nextTryAt ?? 0) < gateStartMs + 900_000) await turn();
    };
    await Promise.allSettled([gate.run(other.operation), slow]);
    expect(other.toldTries).toEqual([0]);
    expect(clock.now() - gateStartMs).toBeLessThanOrEqual(121_000);
  });
});
