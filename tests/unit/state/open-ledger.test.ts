import { appendFileSync, copyFileSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { destinationId } from "../../../helper/state/files/destination-id.ts";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import type { StatePaths } from "../../../helper/state/state-paths.ts";
import { otherDestination, someDestination, someEntry, someFailure, someTime } from "../../support/state/samples.ts";
import { filesUnder, tempState } from "../../support/state/temp-state.ts";

const now = (): number => Date.parse(someTime);
const setAsideEnd = ".corrupt-2026-11-22T20-52-02.123Z";

/** A closed ledger with entry /1.jpg and failure /2.jpg. */
async function ledgerAtRest(paths: StatePaths, destination = someDestination): Promise<void> {
  const ledger = await openLedger(paths, destination);
  ledger.put("/1.jpg", someEntry(1));
  ledger.fail("/2.jpg", someFailure());
  await ledger.close();
}

describe("openLedger: what a kill leaves", () => {
  it("cuts the journal to its last whole record", async () => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    const ledger = await openLedger(paths, someDestination);
    ledger.put("/3.jpg", someEntry(3));
    const whole = readFileSync(paths.journal);
    appendFileSync(paths.journal, '{"op":"put","path":"/4.jpg","entry":{"uploa');
    const again = await openLedger(paths, someDestination);
    expect([...again.entries()].map(([path]) => path)).toEqual(["/1.jpg", "/3.jpg"]);
    expect(readFileSync(paths.journal)).toEqual(whole);
    again.put("/5.jpg", someEntry(5));
    const last = await openLedger(paths, someDestination);
    expect(last.size).toBe(3);
  });

  it("starts a journal anew whose first line was never whole", async () => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    writeFileSync(paths.journal, '{"version":1,"gener');
    const ledger = await openLedger(paths, someDestination);
    expect(ledger.size).toBe(1);
    ledger.put("/3.jpg", someEntry(3));
    expect((await openLedger(paths, someDestination)).size).toBe(2);
  });

  it("ignores a journal of an older generation", async () => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    const old = readFileSync(paths.journal);
    const ledger = await openLedger(paths, someDestination);
    ledger.put("/1.jpg", someEntry(100));
    await ledger.close();
    writeFileSync(paths.journal, Buffer.concat([old, Buffer.from(recordLine("/1.jpg", 50))]));
    const again = await openLedger(paths, someDestination);
    expect(again.get("/1.jpg")).toEqual(someEntry(100));
  });

  it("takes what a newer journal tells when an older copy of the ledger was put back", async () => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    copyFileSync(paths.ledger, `${paths.ledger}.copy`);
    const ledger = await openLedger(paths, someDestination);
    ledger.put("/3.jpg", someEntry(3));
    await ledger.fold();
    ledger.put("/4.jpg", someEntry(4));
    renameSync(`${paths.ledger}.copy`, paths.ledger);
    const again = await openLedger(paths, someDestination);
    expect([...again.entries()].map(([path]) => path)).toEqual(["/1.jpg", "/4.jpg"]);
    await again.close();
    expect(JSON.parse(readFileSync(paths.ledger, "utf8")).generation).toBeGreaterThan(2);
  });

  it("sweeps away the temporary files of killed processes, and nobody else's", async () => {
    const paths = await tempState();
    writeFileSync(join(paths.stateDir, ".backup-state.json.999999999-0123456789ab.tmp"), "half");
    writeFileSync(join(paths.stateDir, `.settings.json.${process.pid}-0123456789ab.tmp`), "half");
    await openLedger(paths, someDestination);
    expect(filesUnder(paths.stateDir)).toEqual([
      `.settings.json.${process.pid}-0123456789ab.tmp`,
      "backup-state.journal.jsonl",
    ]);
  });
});

describe("openLedger: damage", () => {
  it("invariant 10: sets a corrupt ledger aside and keeps what its journal tells", async () => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    const ledger = await openLedger(paths, someDestination);
    ledger.put("/3.jpg", someEntry(3));
    writeFileSync(paths.ledger, "\0".repeat(1000));
    const again = await openLedger(paths, someDestination, { now });
    expect(again.wasSetAside).toBe(paths.ledger + setAsideEnd);
    expect(readFileSync(paths.ledger + setAsideEnd, "utf8")).toBe("\0".repeat(1000));
    expect([...again.entries()]).toEqual([["/3.jpg", someEntry(3)]]);
    expect(again.failureCount).toBe(1);
    await again.close();
    expect((await openLedger(paths, someDestination)).size).toBe(1);
  });

  it("invariant 10: sets a journal aside that says nothing, and goes on with the ledger", async () => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    writeFileSync(paths.journal, "nonsense\nmore of it\n");
    const ledger = await openLedger(paths, someDestination, { now });
    expect(ledger.size).toBe(1);
    expect(readFileSync(paths.journal + setAsideEnd, "utf8")).toBe("nonsense\nmore of it\n");
  });

  it("skips a damaged line, keeps those after it, and keeps a copy of the damage", async () => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    appendFileSync(paths.journal, `\0\0\0\0\n${recordLine("/3.jpg", 3)}{"op":"unheard-of","path":"/x"}\n`);
    const ledger = await openLedger(paths, someDestination, { now });
    expect([...ledger.entries()].map(([path]) => path)).toEqual(["/1.jpg", "/3.jpg"]);
    expect(readFileSync(paths.journal + setAsideEnd, "utf8")).toContain("unheard-of");
    await ledger.close();
    expect(readFileSync(paths.journal, "utf8")).not.toContain("unheard-of");
  });

  it.each(["ledger", "journal"] as const)("invariant 10: refuses a newer %s and touches nothing", async (name) => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    writeFileSync(paths[name], readFileSync(paths[name], "utf8").replace(/"version": ?1/, '"version": 2'));
    await expectUntouched(paths, () => openLedger(paths, someDestination));
    await expectUntouched(paths, () => openLedger(paths, otherDestination));
  });

  it("invariant 10: refuses a newer parked ledger before anything is moved", async () => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    writeFileSync(join(paths.parkedLedgersDir, `${destinationId(otherDestination)}.json`), '{"version": 2}');
    await expectUntouched(paths, () => openLedger(paths, otherDestination));
  });

  async function expectUntouched(paths: StatePaths, open: () => Promise<unknown>): Promise<void> {
    const before = contents(paths);
    await expect(open()).rejects.toMatchObject({ code: "newer-schema" });
    expect(contents(paths)).toEqual(before);
  }
});

describe("openLedger: one ledger a destination", () => {
  it("invariant 1: another destination's entries never count, and are there again when it comes back", async () => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    const other = await openLedger(paths, otherDestination);
    expect(other).toMatchObject({ size: 0, failureCount: 0 });
    other.put("/9.jpg", someEntry(9));
    await other.close();
    expect(readParked(paths, someDestination).files).toEqual({ "/1.jpg": someEntry(1) });
    const back = await openLedger(paths, someDestination);
    expect(back).toMatchObject({ size: 1, failureCount: 1 });
    expect(readParked(paths, otherDestination).files).toEqual({ "/9.jpg": someEntry(9) });
  });

  it("parks what is only in the journal too", async () => {
    const paths = await tempState();
    const ledger = await openLedger(paths, someDestination);
    ledger.put("/1.jpg", someEntry(1));
    await openLedger(paths, otherDestination);
    expect(readParked(paths, someDestination).files).toEqual({ "/1.jpg": someEntry(1) });
  });

  it("takes a mended region for the same destination", async () => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    const ledger = await openLedger(paths, { ...someDestination, region: "eu-central-1" });
    expect(ledger).toMatchObject({ size: 1, destination: { region: "eu-central-1" } });
  });

  const names = ["ledger", "journal"] as const;
  const states = names.flatMap((moved) =>
    [someDestination, otherDestination].map((opened) => [moved, opened] as const),
  );
  it.each(states)("loses nothing when killed with only the %s moved, then opened for %o", async (moved, opened) => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    // Parked as a whole first, then half taken back (the ledger) or, seen from there, half parked (the journal).
    await (await openLedger(paths, otherDestination)).close();
    const id = destinationId(someDestination);
    await (await openLedger(paths, someDestination)).close();
    renameSync(paths.journal, join(paths.parkedLedgersDir, `${id}.journal.jsonl`));
    if (moved === "journal") rmSync(join(paths.parkedLedgersDir, `${destinationId(otherDestination)}.json`));
    await (await openLedger(paths, opened)).close();
    const back = await openLedger(paths, someDestination);
    expect(back).toMatchObject({ size: 1, failureCount: 1, wasSetAside: undefined });
  });

  it("keeps a parked ledger that is in the way under another name", async () => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    writeFileSync(join(paths.parkedLedgersDir, `${destinationId(someDestination)}.json`), "a person's copy");
    await openLedger(paths, otherDestination, { now });
    const older = `${destinationId(someDestination)}.json.older-2026-11-22T20-52-02.123Z`;
    expect(readFileSync(join(paths.parkedLedgersDir, older), "utf8")).toBe("a person's copy");
    expect(readParked(paths, someDestination).files).toEqual({ "/1.jpg": someEntry(1) });
  });

  it("takes the parked ledger back although the one in use is corrupt, and says so", async () => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    await (await openLedger(paths, otherDestination)).close();
    writeFileSync(paths.ledger, "nonsense");
    const ledger = await openLedger(paths, someDestination, { now });
    expect(ledger).toMatchObject({ size: 1, failureCount: 1, wasSetAside: paths.ledger + setAsideEnd });
  });
});

function recordLine(path: string, number: number): string {
  return JSON.stringify({ op: "put", path, entry: someEntry(number) }) + "\n";
}

function readParked(paths: StatePaths, destination: typeof someDestination): { files: unknown } {
  return JSON.parse(readFileSync(join(paths.parkedLedgersDir, `${destinationId(destination)}.json`), "utf8"));
}

function contents(paths: StatePaths): [string, string][] {
  return filesUnder(paths.stateDir).map((name) => [name, readFileSync(join(paths.stateDir, name), "latin1")]);
}
