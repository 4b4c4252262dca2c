import { appendFileSync, readFileSync, truncateSync } from "node:fs";
import PQueue from "p-queue";
import { describe, expect, test } from "vitest";
import { DestinationGate } from "../../../helper/backup/destination-gate.ts";
import { CatalogueSeries } from "../../../helper/catalogue/catalogue-series.ts";
import { openCatalogue } from "../../../helper/catalogue/open-catalogue.ts";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import { FakeClock } from "../../support/engine/fake-clock.ts";
import { tempState } from "../../support/state/temp-state.ts";

const at = "2026-01-02T03:04:05.000Z";
const destination = { endpoint: "http://127.0.0.1:9", region: "us-east-1", bucket: "photos", prefix: "photos" };
const failure = { code: "vanished", kind: "failed", attempts: 1, firstAt: at, lastAt: at } as const;

type OpenLedger = Awaited<ReturnType<typeof openLedger>>;

function put(ledger: OpenLedger, number: number): void {
  ledger.put(`/Pictures/${number}.jpg`, { uploadedAt: at, size: 1, s3Key: `photos/${number}.jpg` });
}

/** A ledger whose ten entries are known to be in the bucket's catalogue; some of them are in its journal only. */
async function coveredLedger() {
  const paths = await tempState();
  const clock = new FakeClock(Date.now());
  const ledger = await openLedger(paths, destination);
  for (let number = 0; number < 5; number += 1) put(ledger, number);
  await ledger.fold();
  for (let number = 5; number < 10; number += 1) put(ledger, number);
  // The last record leaves the number of entries as it is.
  put(ledger, 3);
  const series = await CatalogueSeries.open({ paths, destination, clock });
  await series.save({ covered: { generation: ledger.generation, journalBytes: ledger.journalBytes, entries: 10 } });
  /** As a start after a kill finds it: nothing was closed. */
  const isCurrentAfterKill = async (): Promise<boolean> => {
    const opened = await openLedger(paths, destination);
    const catalogue = await openCatalogue({
      ...{ paths, destination, clock, ledger: opened, bodies: new PQueue({ concurrency: 1 }) },
      gate: new DestinationGate({ clock, random: () => 0, patienceMs: 0 }),
      openStore: () => Promise.reject(new Error("nothing is asked of the bucket")),
      onDamaged: () => undefined,
    });
    return catalogue.isCurrent;
  };
  return { paths, ledger, isCurrentAfterKill };
}

describe("a catalogue that has all of the ledger", () => {
  test("has it after a kill too, when only a time and a failure were recorded since", async () => {
    const { ledger, isCurrentAfterKill } = await coveredLedger();
    ledger.setLastBackup(at);
    ledger.fail("/Pictures/new.jpg", failure);
    ledger.clearFailure("/Pictures/new.jpg");
    expect(await isCurrentAfterKill()).toBe(true);
  });

  test.each([
    ["a new photo", (ledger: OpenLedger) => put(ledger, 10)],
    ["a photo backed up anew", (ledger: OpenLedger) => put(ledger, 3)],
    ["a file that is gone", (ledger: OpenLedger) => ledger.markMissing("/Pictures/3.jpg", at)],
    ["an object that is gone", (ledger: OpenLedger) => ledger.markGone("/Pictures/3.jpg", at)],
  ])("invariant 11: no longer has it after %s, whatever was recorded behind it", async (_, change) => {
    const { ledger, isCurrentAfterKill } = await coveredLedger();
    change(ledger);
    ledger.setLastBackup(at);
    expect(await isCurrentAfterKill()).toBe(false);
  });

  test("invariant 11: no longer has it when the journal lost its end, however long it grows again", async () => {
    const { paths, ledger, isCurrentAfterKill } = await coveredLedger();
    const text = readFileSync(paths.journal, "utf8");
    truncateSync(paths.journal, text.lastIndexOf("\n", text.length - 2) + 1);
    expect(await isCurrentAfterKill()).toBe(false);
    const opened = await openLedger(paths, destination);
    put(opened, 10);
    for (let day = 10; day < 30; day += 1) opened.setLastBackup(`2026-01-${day}T00:00:00.000Z`);
    expect(opened.journalBytes).toBeGreaterThan(ledger.journalBytes);
    expect(await isCurrentAfterKill()).toBe(false);
  });

  test("invariant 11: a line that cannot be read may have been a change", async () => {
    const { paths, ledger, isCurrentAfterKill } = await coveredLedger();
    appendFileSync(paths.journal, "not a record\n");
    expect(ledger.size).toBe(10);
    expect(await isCurrentAfterKill()).toBe(false);
  });

  test("tells a fold from a change", async () => {
    const { ledger } = await coveredLedger();
    expect(ledger.entriesChangedAtBytes).toBe(ledger.journalBytes);
    await ledger.fold();
    expect(ledger.entriesChangedAtBytes).toBe(0);
    ledger.setLastBackup(at);
    expect(ledger.entriesChangedAtBytes).toBe(0);
    put(ledger, 11);
    expect(ledger.entriesChangedAtBytes).toBe(ledger.journalBytes);
  });

  test("invariant 11: what is recorded during a fold is a change", async () => {
    const paths = await tempState();
    const ledger = await openLedger(paths, destination, {
      onFoldStep: (step) => void (step === "wrote-journal" && put(ledger, 7)),
    });
    put(ledger, 1);
    await ledger.fold();
    expect(ledger.entriesChangedAtBytes).toBe(ledger.journalBytes);
  });
});
