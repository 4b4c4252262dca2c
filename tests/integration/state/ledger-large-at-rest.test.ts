import { readFileSync, statSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import type { StatePaths } from "../../../helper/state/state-paths.ts";
import { someDestination, someEntry, someFailure, someTime } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

const laterTime = "2026-11-23T00:00:00.000Z";

/** A closed ledger of more than 4 MiB. */
async function largeLedger(): Promise<StatePaths> {
  const paths = await tempState();
  const ledger = await openLedger(paths, someDestination);
  ledger.put("/1.jpg", { ...someEntry(1), note: "x".repeat(5_000_000) });
  await ledger.close();
  return paths;
}

describe("a large ledger at rest", () => {
  it("is not written anew for a new last backup or a failure: the journal keeps them", async () => {
    const paths = await largeLedger();
    const before = statSync(paths.ledger);
    let ledger = await openLedger(paths, someDestination);
    ledger.setLastBackup(someTime);
    ledger.fail("/2.jpg", someFailure());
    await ledger.close();
    ledger = await openLedger(paths, someDestination);
    expect(ledger).toMatchObject({ lastBackup: someTime, failureCount: 1, size: 1 });
    ledger.setLastBackup(laterTime);
    ledger.clearFailure("/2.jpg");
    await ledger.close();
    ledger = await openLedger(paths, someDestination);
    expect(ledger).toMatchObject({ lastBackup: laterTime, failureCount: 0, size: 1 });
    await ledger.close();
    expect(statSync(paths.ledger)).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
  });

  it("is written anew for any entry, and takes the last backup along", async () => {
    const paths = await largeLedger();
    let ledger = await openLedger(paths, someDestination);
    ledger.setLastBackup(someTime);
    await ledger.close();
    ledger = await openLedger(paths, someDestination);
    ledger.markMissing("/1.jpg", laterTime);
    await ledger.close();
    const file = JSON.parse(readFileSync(paths.ledger, "utf8"));
    expect(file).toMatchObject({ lastBackup: someTime, files: { "/1.jpg": { missingSince: laterTime } } });
    expect(readFileSync(paths.journal, "utf8").trim().split("\n")).toHaveLength(1);
  });

  it("is written anew for an entry that a killed process left in the journal", async () => {
    const paths = await largeLedger();
    const killed = await openLedger(paths, someDestination);
    killed.setLastBackup(someTime);
    killed.put("/3.jpg", someEntry(3));
    const ledger = await openLedger(paths, someDestination);
    await ledger.close();
    const { files } = JSON.parse(readFileSync(paths.ledger, "utf8"));
    expect(Object.keys(files)).toEqual(["/1.jpg", "/3.jpg"]);
  });

  it("is due for a fold after 10 minutes only when the file lacks an entry", async () => {
    const paths = await largeLedger();
    let clock = Date.parse(someTime);
    const ledger = await openLedger(paths, someDestination, { now: () => clock });
    ledger.setLastBackup(someTime);
    clock += 10 * 60_000;
    expect(ledger.shouldFold()).toBe(false);
    ledger.put("/2.jpg", someEntry(2));
    expect(ledger.shouldFold()).toBe(true);
    await ledger.close();
  });

  it("keeps needing a fold when one failed", async () => {
    const paths = await largeLedger();
    let isFailing = false;
    const onFoldStep = () => {
      if (isFailing) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC", syscall: "write" });
    };
    const ledger = await openLedger(paths, someDestination, { onFoldStep });
    ledger.put("/2.jpg", someEntry(2));
    isFailing = true;
    await expect(ledger.fold()).rejects.toMatchObject({ code: "disk-full" });
    isFailing = false;
    await ledger.close();
    expect(Object.keys(JSON.parse(readFileSync(paths.ledger, "utf8")).files)).toEqual(["/1.jpg", "/2.jpg"]);
  });
});
