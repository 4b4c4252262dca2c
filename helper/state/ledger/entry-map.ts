import type { LedgerEntry } from "../files/ledger-entry.ts";

/** What a scan asks of an entry: enough to tell whether the photo changed, without building the whole entry. */
export type KnownFile = Pick<
  LedgerEntry,
  "size" | "mtimeMs" | "ctimeMs" | "inode" | "missingSince" | "goneSince" | "changedKeys"
>;

/** The entries of a ledger by path, in the order in which they first came. A `Map` is one; `PackedEntries` is a small one. */
export interface EntryMap {
  readonly size: number;
  get(path: string): LedgerEntry | undefined;
  set(path: string, entry: LedgerEntry): unknown;
  keys(): IterableIterator<string>;
  entries(): IterableIterator<[string, LedgerEntry]>;
  [Symbol.iterator](): IterableIterator<[string, LedgerEntry]>;
}
