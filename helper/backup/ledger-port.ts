import type { Failure } from "../state/files/failures.ts";
import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import type { KnownFile } from "../state/ledger/entry-map.ts";

/** What the engine needs of the ledger. Every write throws a `BackupError` when it could not be made. */
export interface LedgerPort {
  get(path: string): LedgerEntry | undefined;
  /** What tells whether a file changed; cheaper than the whole entry. */
  known(path: string): KnownFile | undefined;
  put(path: string, entry: LedgerEntry): void;
  entries(): IterableIterator<[string, LedgerEntry]>;
  paths(): IterableIterator<string>;
  /** The first 12 hex digits of every recorded sha256, of earlier versions too, each with its path. */
  contents(): IterableIterator<[string, string]>;
  failure(path: string): Failure | undefined;
  failures(): IterableIterator<[string, Failure]>;
  fail(path: string, failure: Failure): void;
  clearFailure(path: string): void;
  markMissing(path: string, at: string): void;
  clearMissing(path: string): void;
  markGone(path: string, at: string): void;
  clearGone(path: string): void;
  readonly lastBackup: string | undefined;
  setLastBackup(at: string | undefined): void;
}
