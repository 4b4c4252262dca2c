import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { nodeLedgerFs, type LedgerFs } from "../../../helper/state/ledger/ledger-fs.ts";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import { faultyFs, type FaultKind } from "../../support/state/faulty-fs.ts";
import { someDestination, someEntry, someFailure, someTime } from "../../support/state/samples.ts";
import { filesUnder, tempState } from "../../support/state/temp-state.ts";

const laterTime = "2026-11-23T00:00:00.000Z";

describe("Ledger", () => {
  it("holds what it was told, before and after it is opened again", async () => {
    const paths = await tempState();
    let ledger = await openLedger(paths, someDestination);
    ledger.put("/1.jpg", someEntry(1));
    ledger.put("/2.jpg", someEntry(2));
    ledger.fail("/3.jpg", someFailure(1));
    ledger.fail("/4.jpg", someFailure(2));
    ledger.clearFailure("/4.jpg");
    ledger.markMissing("/2.jpg", someTime);
    ledger.markMissing("/nowhere.jpg", someTime);
    ledger.setLastBackup(laterTime);
    for (const how of ["in memory", "from the journal", "from the file"]) {
      if (how === "from the journal") ledger = await openLedger(paths, someDestination);
      if (how === "from the file") {
        await ledger.close();
        ledger = await openLedger(paths, someDestination);
      }
      expect([how, ...ledger.entries()]).toEqual([
        how,
        ["/1.jpg", someEntry(1)],
        ["/2.jpg", { ...someEntry(2), missingSince: someTime }],
      ]);
      expect([...ledger.failures()]).toEqual([["/3.jpg", someFailure(1)]]);
      expect(ledger).toMatchObject({ size: 2, failureCount: 1, lastBackup: laterTime, wasSetAside: undefined });
      expect(ledger.destination).toEqual(someDestination);
    }
    await ledger.close();
  });

  it("forgets a failure when the photo is backed up, and a missing note when it is back", async () => {
    const paths = await tempState();
    const ledger = await openLedger(paths, someDestination);
    ledger.fail("/1.jpg", someFailure());
    ledger.put("/1.jpg", someEntry(1));
    expect(ledger.failure("/1.jpg")).toBeUndefined();
    ledger.markMissing("/1.jpg", someTime);
    ledger.markMissing("/1.jpg", laterTime);
    expect(ledger.get("/1.jpg")?.missingSince).toBe(someTime);
    ledger.clearMissing("/1.jpg");
    expect(ledger.get("/1.jpg")).toEqual(someEntry(1));
    ledger.setLastBackup(someTime);
    ledger.setLastBackup(undefined);
    await ledger.close();
    expect(JSON.parse(readFileSync(paths.ledger, "utf8"))).toMatchObject({ lastBackup: null });
  });

  it("does not write when nothing changes", async () => {
    const ledger = await openLedger(await tempState(), someDestination);
    ledger.put("/1.jpg", someEntry(1));
    const bytes = ledger.journalBytes;
    ledger.clearFailure("/1.jpg");
    ledger.clearMissing("/1.jpg");
    ledger.markMissing("/2.jpg", someTime);
    ledger.clearGone("/1.jpg");
    ledger.markGone("/2.jpg", someTime);
    ledger.setLastBackup(undefined);
    expect(ledger.journalBytes).toBe(bytes);
  });

  it("refuses what its own reader would refuse", async () => {
    const ledger = await openLedger(await tempState(), someDestination);
    expect(() => ledger.put("/1.jpg", { ...someEntry(1), size: -1 })).toThrow(TypeError);
    expect(() => ledger.fail("/1.jpg", { ...someFailure(), attempts: 0.5 })).toThrow();
    expect(() => ledger.markMissing("/1.jpg", "yesterday")).toThrow(TypeError);
    expect(() => ledger.markGone("/1.jpg", "yesterday")).toThrow(TypeError);
    expect(() => ledger.setLastBackup("yesterday")).toThrow(TypeError);
    expect(ledger).toMatchObject({ size: 0, failureCount: 0, lastBackup: undefined });
  });

  it("is whole and current at rest, its journal down to the outstanding failures", async () => {
    const paths = await tempState();
    const ledger = await openLedger(paths, someDestination);
    ledger.put("/1.jpg", someEntry(1));
    ledger.fail("/2.jpg", someFailure());
    await ledger.close();
    await ledger.close();
    expect(JSON.parse(readFileSync(paths.ledger, "utf8")).files).toEqual({ "/1.jpg": someEntry(1) });
    expect(readFileSync(paths.journal, "utf8").trim().split("\n")).toHaveLength(2);
    expect(filesUnder(paths.stateDir)).toEqual(["backup-state.journal.jsonl", "backup-state.json"]);
    expect(() => ledger.put("/3.jpg", someEntry(3))).toThrow("the ledger is closed");
    await expect(ledger.fold()).rejects.toThrow("the ledger is closed");
  });

  it("writes nothing when it is opened and closed without a change", async () => {
    const paths = await tempState();
    const first = await openLedger(paths, someDestination);
    first.put("/1.jpg", someEntry(1));
    first.fail("/2.jpg", someFailure());
    await first.close();
    const before = [readFileSync(paths.ledger, "utf8"), readFileSync(paths.journal, "utf8")];
    await (await openLedger(paths, someDestination)).close();
    expect([readFileSync(paths.ledger, "utf8"), readFileSync(paths.journal, "utf8")]).toEqual(before);
  });

  it("wants to be folded after 10 minutes with changes, or when the journal has outgrown it", async () => {
    let clock = Date.parse(someTime);
    const ledger = await openLedger(await tempState(), someDestination, { now: () => clock });
    ledger.put("/1.jpg", someEntry(1));
    expect(ledger.shouldFold()).toBe(false);
    clock += 10 * 60_000;
    expect(ledger.shouldFold()).toBe(true);
    await ledger.fold();
    clock += 10 * 60_000;
    expect(ledger.shouldFold()).toBe(false);
    ledger.put("/2.jpg", { ...someEntry(2), note: "x".repeat(5_000_000) });
    expect(ledger.shouldFold()).toBe(true);
    await ledger.close();
  });

  it("refuses every change once helper.lock is lost, and does not touch the file", async () => {
    const paths = await tempState();
    let isLost = false;
    const verifyOwnership = (): void => {
      if (isLost) throw new BackupError("another-helper-runs");
    };
    const ledger = await openLedger(paths, someDestination, { verifyOwnership });
    ledger.put("/1.jpg", someEntry(1));
    isLost = true;
    const before = filesUnder(paths.stateDir);
    await expect(ledger.fold()).rejects.toMatchObject({ code: "another-helper-runs" });
    expect(() => ledger.put("/2.jpg", someEntry(2))).toThrow(BackupError);
    expect(ledger.get("/2.jpg")).toBeUndefined();
    await ledger.close();
    expect(filesUnder(paths.stateDir)).toEqual(before);
  });

  it("takes changes while it folds, and loses none", async () => {
    const paths = await tempState();
    const ledger = await openLedger(paths, someDestination, {
      onFoldStep(step) {
        if (step === "copied-records") return;
        ledger.put(`/${step}.jpg`, someEntry(5));
        ledger.fail(`/failed-${step}.jpg`, someFailure());
        ledger.markMissing("/1.jpg", someTime);
        ledger.clearMissing("/1.jpg");
      },
    });
    ledger.put("/1.jpg", someEntry(1));
    ledger.fail("/wrote-ledger.jpg", someFailure());
    await ledger.fold();
    const [entries, failures] = [[...ledger.entries()], [...ledger.failures()]];
    expect(entries).toHaveLength(7);
    expect(failures).toHaveLength(6);
    const again = await openLedger(paths, someDestination);
    expect(new Map(again.entries())).toEqual(new Map(entries));
    expect(new Map(again.failures())).toEqual(new Map(failures));
    await again.close();
  });
});

describe("Ledger on a disk that fails", () => {
  const kinds: [FaultKind, boolean][] = [
    ["ENOSPC", false],
    ["EIO", false],
    ["short", false],
    ["ENOSPC", true],
  ];

  it.each(kinds)(
    "invariant 6: %s at any call (from then on: %s) loses nothing that was recorded",
    { timeout: 60_000 },
    async (kind, sticky) => {
      let fired = true;
      let call = 0;
      for (; fired; call++) {
        const paths = await tempState();
        const { fs, faults } = faultyFs(call, kind, sticky);
        const recorded = await workUntilItFails(paths, fs);
        fired = faults.fired;
        const ledger = await openLedger(paths, someDestination);
        expect([call, ledger.wasSetAside, [...ledger.entries()].sort()]).toEqual([call, undefined, recorded.entries]);
        expect([call, [...ledger.failures()].sort()]).toEqual([call, recorded.failures]);
        await ledger.close();
        expect(filesUnder(paths.stateDir)).toEqual(["backup-state.journal.jsonl", "backup-state.json"]);
      }
      expect(call).toBeGreaterThan(20);
    },
  );

  it("cuts off at once what a full disk took of a record", async () => {
    const paths = await tempState();
    const { fs, fill } = fillableFs();
    const ledger = await openLedger(paths, someDestination, { fs });
    ledger.put("/1.jpg", someEntry(1));
    const before = readFileSync(paths.journal);
    fill({ truncateFails: false });
    expect(() => ledger.put("/2.jpg", someEntry(2))).toThrow(expect.objectContaining({ code: "disk-full" }));
    expect(readFileSync(paths.journal)).toEqual(before);
    expect(ledger.get("/2.jpg")).toBeUndefined();
  });

  it("cuts it off before the next record where even that failed, and records nothing until then", async () => {
    const paths = await tempState();
    const { fs, fill, free } = fillableFs();
    const ledger = await openLedger(paths, someDestination, { fs });
    ledger.put("/1.jpg", someEntry(1));
    fill({ truncateFails: true });
    for (const path of ["/2.jpg", "/3.jpg"]) expect(() => ledger.put(path, someEntry(2))).toThrow(BackupError);
    free();
    ledger.put("/4.jpg", someEntry(4));
    const again = await openLedger(paths, someDestination);
    expect([...again.entries()].map(([path]) => path)).toEqual(["/1.jpg", "/4.jpg"]);
    expect(filesUnder(paths.stateDir)).toEqual(["backup-state.journal.jsonl"]);
  });

  function fillableFs(): { fs: LedgerFs; fill(how: { truncateFails: boolean }): void; free(): void } {
    let full = false;
    let truncateFails = false;
    const fs: LedgerFs = {
      ...nodeLedgerFs,
      writeSync: (file, bytes) => nodeLedgerFs.writeSync(file, full ? bytes.subarray(0, bytes.length / 2) : bytes),
      ftruncateSync(file, sizeBytes) {
        if (truncateFails) throw Object.assign(new Error("EIO"), { code: "EIO", syscall: "ftruncate" });
        nodeLedgerFs.ftruncateSync(file, sizeBytes);
      },
    };
    const fill = (how: { truncateFails: boolean }): void => {
      full = true;
      truncateFails = how.truncateFails;
    };
    const free = (): void => {
      full = truncateFails = false;
    };
    return { fs, fill, free };
  }

  async function workUntilItFails(paths: Parameters<typeof openLedger>[0], fs: ReturnType<typeof faultyFs>["fs"]) {
    const nothing = { entries: [], failures: [] };
    const ledger = await openLedger(paths, someDestination, { fs }).catch(expectStateError);
    if (!ledger) return nothing;
    for (let number = 0; number < 8; number++) {
      try {
        if (number === 3 || number === 6) await ledger.fold();
        ledger.put(`/${number}.jpg`, someEntry(number));
        ledger.fail(`/failed-${number}.jpg`, someFailure());
      } catch (error) {
        expectStateError(error);
      }
    }
    await ledger.close().catch(expectStateError);
    return { entries: [...ledger.entries()].sort(), failures: [...ledger.failures()].sort() };
  }

  function expectStateError(error: unknown): undefined {
    expect(error).toBeInstanceOf(BackupError);
    expect((error as BackupError).code).toMatch(/^(disk-full|state-unwritable)$/);
  }
});
