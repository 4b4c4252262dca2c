import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import type { Candidate } from "./candidate.ts";

/** The ledger knows this photo as it is now: no request and no read is spent on it. */
export function isUnchanged(entry: LedgerEntry | undefined, candidate: Candidate): boolean {
  return entry !== undefined && entry.size === candidate.sizeBytes && entry.mtimeMs === candidate.mtimeMs;
}
