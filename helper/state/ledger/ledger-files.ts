import { join } from "node:path";
import type { StatePaths } from "../state-paths.ts";

/** The files of one destination's ledger. */
export interface LedgerFiles {
  ledger: string;
  journal: string;
  /** The journal of the next generation, while a fold prepares it. */
  nextJournal: string;
}

/** Of the destination that is in use. */
export function ledgerFilesInUse(paths: StatePaths): LedgerFiles {
  return { ledger: paths.ledger, journal: paths.journal, nextJournal: `${paths.journal}.next` };
}

/** Of a destination that was in use before. */
export function parkedLedgerFiles(paths: StatePaths, destinationId: string): LedgerFiles {
  const base = join(paths.parkedLedgersDir, destinationId);
  return { ledger: `${base}.json`, journal: `${base}.journal.jsonl`, nextJournal: `${base}.journal.jsonl.next` };
}
