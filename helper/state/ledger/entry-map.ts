import type { LedgerEntry } from "../files/ledger-entry.ts";

/** What a scan asks of an entry: enough to tell whether the photo changed, without building the whole entry. */
export type KnownFile = Pick<
  LedgerEntry,
  "size" | "mtimeMs" | "ctimeMs" | "inode" | "missingSince" | "goneSince" | "changedKeys"
>;

/** Enough to tell 100,000 photos apart; who finds one compares the whole hash. */
export const contentHexDigits = 12;

/** The beginnings of an entry's hashes, each with its path. */
export function* contentsOf(path: string, entry: LedgerEntry): IterableIterator<[string, string]> {
  for (const { sha256 } of [entry, ...(entry.previous ?? [])]) {
    if (sha256 !== undefined) yield [sha256.slice(0, contentHexDigits), path];
  }
}

/** The entries of a ledger by path, in the order in which they first came. A `Map` is one; `PackedEntries` is a small one. */
export interface EntryMap {
  readonly size: number;
  get(path: string): LedgerEntry | undefined;
  set(path: string, entry: LedgerEntry): unknown;
  keys(): IterableIterator<string>;
  entries(): IterableIterator<[string, LedgerEntry]>;
  [Symbol.iterator](): IterableIterator<[string, LedgerEntry]>;
}
