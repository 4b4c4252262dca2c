import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import type { StatePaths } from "../../../helper/state/state-paths.ts";
import { startWorker } from "../../support/state/run-worker.ts";
import { someDestination, someTime } from "../../support/state/samples.ts";
import { filesUnder, tempState } from "../../support/state/temp-state.ts";

const foldSteps = [
  "wrote-ledger",
  "wrote-journal",
  "synced-folder",
  "copied-records",
  "renamed-ledger",
  "synced-rename",
  "renamed-journal",
] as const;

async function killAt(paths: StatePaths, scenario: string, target: string): Promise<string[]> {
  const worker = startWorker("ledger-worker.ts", [paths.stateDir, scenario, target]);
  expect(await worker.ended).toEqual({ code: null, signal: "SIGKILL", stderr: "" });
  return worker.lines;
}

/** Everything the killed process was told is recorded is there, and nothing is torn. */
async function expectNothingLost(paths: StatePaths, said: string[]): Promise<void> {
  const ledger = await openLedger(paths, someDestination);
  expect(ledger.wasSetAside).toBeUndefined();
  const recorded = said.filter((line) => line.startsWith("put ")).map((line) => line.slice("put ".length));
  expect([...ledger.entries()].map(([path]) => path).sort()).toEqual(recorded.sort());
  expect(ledger.failure("/failed.jpg")?.attempts).toBe(said.includes("fail /failed.jpg") ? 3 : undefined);
  expect(ledger.lastBackup).toBe(said.includes("last-backup") ? someTime : undefined);
  await ledger.close();
  expect(Object.keys(JSON.parse(readFileSync(paths.ledger, "utf8")).files).sort()).toEqual(recorded);
  expect(filesUnder(paths.stateDir)).toEqual(["backup-state.journal.jsonl", "backup-state.json"]);
}

describe("invariant 6: kill -9 loses nothing and leaves no torn file", () => {
  it.each([0, 7, 20])("in the middle of journal record %i", async (number) => {
    const paths = await tempState();
    const said = await killAt(paths, "half-record", String(number));
    expect(said).toHaveLength(number);
    await expectNothingLost(paths, said);
  });

  it.each(foldSteps)("at the step %s of a fold", async (step) => {
    const paths = await tempState();
    const said = await killAt(paths, "fold", step);
    expect(said).not.toContain("put /after.jpg");
    await expectNothingLost(paths, said);
  });

  it("after a fold, with records added since", async () => {
    const paths = await tempState();
    const said = await killAt(paths, "fold", "none");
    expect(said).toContain("put /after.jpg");
    await expectNothingLost(paths, said);
  });
});
