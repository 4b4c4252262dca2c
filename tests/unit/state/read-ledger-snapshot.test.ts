import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import { readLedgerSnapshot } from "../../../helper/state/ledger/read-ledger-snapshot.ts";
import { otherDestination, someDestination, someEntry } from "../../support/state/samples.ts";
import { filesUnder, tempState } from "../../support/state/temp-state.ts";
import { join } from "node:path";
import type { StatePaths } from "../../../helper/state/state-paths.ts";

const pathsOf = async (paths: StatePaths, destination = someDestination) =>
  [...(await readLedgerSnapshot(paths, destination)).keys()].sort();

const contents = (paths: StatePaths) =>
  filesUnder(paths.stateDir).map((name) => [name, readFileSync(join(paths.stateDir, name), "utf8")]);

test("is empty where nothing was backed up, and makes no file", async () => {
  const paths = await tempState();
  expect(await pathsOf(paths)).toEqual([]);
  expect(filesUnder(paths.stateDir)).toEqual([]);
});

test("has what is folded and what only the journal has, beside a helper that goes on, and changes nothing", async () => {
  const paths = await tempState();
  const ledger = await openLedger(paths, someDestination);
  ledger.put("/a.jpg", someEntry(1));
  await ledger.fold();
  ledger.put("/b.jpg", someEntry(2));
  const before = contents(paths);
  expect(await pathsOf(paths)).toEqual(["/a.jpg", "/b.jpg"]);
  expect(contents(paths)).toEqual(before);
  await ledger.close();
  expect(await pathsOf(paths)).toEqual(["/a.jpg", "/b.jpg"]);
});

test("is whole at every step of a fold, with what was recorded meanwhile", async () => {
  const paths = await tempState();
  const seen: string[][] = [];
  const ledger = await openLedger(paths, someDestination, {
    // The step before the rename runs in one go with it.
    onFoldStep: async (step) => {
      if (step !== "copied-records") seen.push(await pathsOf(paths));
    },
  });
  ledger.put("/a.jpg", someEntry(1));
  await ledger.fold();
  expect(seen.length).toBeGreaterThan(3);
  for (const paths of seen) expect(paths).toEqual(["/a.jpg"]);
  await ledger.close();
});

test("invariant 1: another destination's entries are never in it, and a parked ledger is found", async () => {
  const paths = await tempState();
  const first = await openLedger(paths, someDestination);
  first.put("/a.jpg", someEntry(1));
  await first.close();
  const other = await openLedger(paths, otherDestination);
  other.put("/b.jpg", someEntry(2));
  await other.close();
  expect(await pathsOf(paths)).toEqual(["/a.jpg"]);
  expect(await pathsOf(paths, otherDestination)).toEqual(["/b.jpg"]);
});
