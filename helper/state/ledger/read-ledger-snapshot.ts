import { setTimeout as delay } from "node:timers/promises";
import { BackupError } from "../errors/backup-error.ts";
import type { Destination } from "../files/destination.ts";
import { destinationId } from "../files/destination-id.ts";
import type { StatePaths } from "../state-paths.ts";
import type { EntryMap } from "./entry-map.ts";
import { findLedger, type FoundLedgerFiles } from "./find-ledger.ts";
import { applyRecord } from "./ledger-content.ts";
import { ledgerFilesInUse, parkedLedgerFiles } from "./ledger-files.ts";
import { PackedEntries } from "./packed-entries.ts";
import type { ReadJournal } from "./read-journal.ts";

/** While a helper folds, ledger and journal fit together again within milliseconds. */
const looksMost = 20;
const lookAgainMs = 50;

/**
 * The entries of a destination's ledger as they are at this moment, without `helper.lock` and without a change to any
 * file; a helper may be at work meanwhile. Empty where nothing was backed up there yet. Throws "newer-schema",
 * "state-unwritable", or "ledger-broken" for one that cannot be read.
 */
export async function readLedgerSnapshot(paths: StatePaths, destination: Destination): Promise<EntryMap> {
  const id = destinationId(destination);
  for (let look = 1; look <= looksMost; look += 1) {
    let isAnythingThere = false;
    for (const files of [ledgerFilesInUse(paths), parkedLedgerFiles(paths, id)]) {
      const found = await findLedger(files);
      if (found.destination && destinationId(found.destination) !== id) continue;
      if (found.ledger.kind === "corrupt") throw new BackupError("ledger-broken", { detail: "it cannot be read" });
      isAnythingThere ||= found.ledger.kind === "read" || found.journal.kind === "read";
      const entries = entriesOf(found);
      if (entries) return entries;
    }
    if (!isAnythingThere) break;
    await delay(lookAgainMs);
  }
  return new PackedEntries();
}

/** Undefined where there is nothing, or where a fold has put one of the two files in place and not yet the other. */
function entriesOf({ ledger, journal, nextJournal }: FoundLedgerFiles): EntryMap | undefined {
  if (ledger.kind !== "read" && journal.kind !== "read") return undefined;
  const entries = ledger.kind === "read" ? ledger.entries : new PackedEntries();
  const generation = ledger.kind === "read" ? ledger.head.generation : undefined;
  const candidates = [journal, nextJournal].filter((found): found is ReadJournal => found.kind === "read");
  const continuing = candidates.find(({ header }) => generation === undefined || header.generation === generation);
  if (!continuing) return candidates.length === 0 ? entries : undefined;
  const { destination } = continuing.header;
  const content = {
    head: { version: 1 as const, generation: generation ?? 0, destination, lastBackup: null },
    ...{ entries, failures: new Map() },
  };
  for (const record of continuing.records) applyRecord(content, record);
  return entries;
}
