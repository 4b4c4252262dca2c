import { afterAll, describe, expect, test } from "vitest";
import type { OperationName } from "../support/loopback-s3/classify-operation.ts";
import { checkComplete, checkInvariants } from "./check-invariants.ts";
import { faultCases } from "./fault-cases.ts";
import type { FaultPlan } from "./fault-plans.ts";
import { rulesFor } from "./fault-rules.ts";
import { openScene, type SceneName } from "./scene.ts";
import { Tally } from "./tally.ts";

const tally = new Tally();
afterAll(() => void process.stdout.write(`\nFault matrix\n${tally.table()}`));

describe("fault matrix", () => {
  test("has at least 200 cases", () => {
    expect(faultCases().length).toBeGreaterThanOrEqual(200);
  });

  for (const { name, scene: sceneName, operation, plan, times, conditionalWrites } of faultCases()) {
    test(name, async () => {
      const scene = await openScene(sceneName, { conditionalWrites });
      const { s3, clock } = scene.bench;
      const match = { operation, ...keyFor(plan, sceneName, operation) };
      const fault = s3.faults.add({ ...plan.kind, times, match });
      const stoppedBy = await scene.run();
      const rules = rulesFor({ operation, plan });
      const broken = await checkInvariants(scene, stoppedBy, rules);
      expect(fault.fired, "a fault that never fired proves nothing").toBeGreaterThan(0);
      if (plan.asksToWaitMs) expect(Math.max(...clock.sleeps)).toBeGreaterThanOrEqual(plan.asksToWaitMs);

      s3.faults.clear();
      const stillStoppedBy = await scene.run();
      broken.push(
        ...checkComplete(scene, stillStoppedBy, rules),
        ...(await checkInvariants(scene, stillStoppedBy, rules)),
      );
      scene.store.close();
      tally.add(scene, fault.fired, broken);
      expect(broken).toEqual([]);
    });
  }
});

function keyFor({ kind, lies }: FaultPlan, scene: SceneName, operation: OperationName): { keyPattern?: string } {
  if (scene !== "small") return { keyPattern: "z.mov" };
  // Only an object that is there has anything in its HEAD that a fault could change, or lie about.
  const changesHead = kind.kind === "wrong-etag" || kind.kind === "wrong-checksum";
  if (operation === "HeadObject" && changesHead) return { keyPattern: "same" };
  return lies ? { keyPattern: "taken.jpg" } : {};
}
