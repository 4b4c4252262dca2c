import { afterAll, describe, expect, test } from "vitest";
import { DestinationGate } from "../../helper/backup/destination-gate.ts";
import { BackupError } from "../../helper/state/errors/backup-error.ts";
import type { VerifySummary } from "../../helper/verify/verify-summary.ts";
import { verified } from "../support/engine/verify-bench.ts";
import { faultPlans, type FaultPlan } from "./fault-plans.ts";
import { lostLedgerScene } from "./lost-ledger-scene.ts";
import { openScene, type Scene } from "./scene.ts";

/** What can go wrong with a download; most of it as with any request. */
const plans: readonly FaultPlan[] = [
  ...faultPlans.filter(({ meets }) => !meets),
  { name: "cut in the body", kind: { kind: "truncate-read" } },
  { name: "stall in the body", kind: { kind: "stall-mid-body", afterBytes: 4 } },
  { name: "wrong ETag", kind: { kind: "wrong-etag" } },
  { name: "wrong checksum", kind: { kind: "wrong-checksum" } },
];

const cases = plans.flatMap((plan) => [1, 3].map((times) => ({ name: `${plan.name}, ${times} times`, plan, times })));
const tally = { cases: 0, fired: 0 };
afterAll(() => void process.stdout.write(`\nDownloads: ${tally.cases} cases, ${tally.fired} faults fired\n`));

/** A store that says itself that the object is not there is believed once its bucket can be listed. */
const saysGone = ({ kind }: FaultPlan) => kind.kind === "status" && kind.status === 404;

describe("every object is read back amid", () => {
  test.each(cases)("$name", async ({ plan, times }) => {
    const scene = await openScene("small", {});
    expect(await scene.run()).toBeUndefined();
    const objectsBefore = scene.bench.s3.objects("photos-of-mine").length;
    const fault = scene.bench.s3.faults.add({ ...plan.kind, times, match: { operation: "GetObject" } });
    const found = await readBack(scene);
    expect(fault.fired, "a fault that never fired proves nothing").toBeGreaterThan(0);
    tally.cases += 1;
    tally.fired += fault.fired;
    if (!(found instanceof BackupError)) {
      expect(found.changed, "nothing is called changed that is not").toBe(0);
      if (!saysGone(plan)) expect(found.missing).toBe(0);
    }
    scene.bench.s3.faults.clear();
    expect(await readBack(scene)).toMatchObject({
      missing: 0,
      changed: 0,
      unproved: 0,
      read: { proved: 5, objects: 5 },
    });
    expect(scene.bench.s3.objects("photos-of-mine")).toHaveLength(objectsBefore);
    scene.store.close();
  });
});

describe("a lost ledger is made anew from the catalogue amid", () => {
  test.each(cases)("$name", async ({ plan, times }) => {
    const scene = await lostLedgerScene();
    const fault = scene.s3.faults.add({ ...plan.kind, times, match: { operation: "GetObject" } });
    await scene.run();
    expect(fault.fired, "a fault that never fired proves nothing").toBeGreaterThan(0);
    tally.cases += 1;
    tally.fired += fault.fired;
    expect(scene.photosSentAgain(), "nothing is sent that is there").toBe(0);
    scene.s3.faults.clear();
    expect(await scene.run()).toMatchObject({ failed: 0, uploaded: 0 });
    expect(scene.photosSentAgain()).toBe(0);
  });
});

async function readBack({ bench, store }: Scene): Promise<VerifySummary | BackupError> {
  const gate = new DestinationGate({ clock: bench.clock, random: () => 0, patienceMs: 3_600_000 });
  try {
    return await verified(bench, { store, gate, readPercent: 100 });
  } catch (error) {
    if (error instanceof BackupError) return error;
    throw error;
  }
}
