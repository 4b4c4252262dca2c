import type { Destination } from "../files/destination.ts";
import type { LedgerFiles } from "./ledger-files.ts";
import { readJournal, type FoundJournal } from "./read-journal.ts";
import { readLedgerFile, type FoundLedger } from "./read-ledger-file.ts";

export interface FoundLedgerFiles {
  ledger: FoundLedger;
  journal: FoundJournal;
  nextJournal: FoundJournal;
  /** Whose they are; undefined where nothing readable says so. */
  destination: Destination | undefined;
}

/** Reads a ledger with its journals and changes nothing, so a "newer-schema" is thrown before anything is touched. */
export async function findLedger(files: LedgerFiles): Promise<FoundLedgerFiles> {
  const journal = await readJournal(files.journal);
  const nextJournal = await readJournal(files.nextJournal);
  const ledger = await readLedgerFile(files.ledger);
  return { ledger, journal, nextJournal, destination: ownerOf(ledger, journal) };
}

function ownerOf(ledger: FoundLedger, journal: FoundJournal): Destination | undefined {
  if (ledger.kind === "read") return ledger.head.destination;
  return journal.kind === "read" ? journal.header.destination : undefined;
}
