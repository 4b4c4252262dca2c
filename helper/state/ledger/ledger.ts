import type { Destination } from "../files/destination.ts";
import { failureSchema, type Failure } from "../files/failures.ts";
import type { LedgerEntry } from "../files/ledger-entry.ts";
import { checkEntry, isTime } from "./check-entry.ts";
import type { KnownFile } from "./entry-map.ts";
import type { LedgerContent } from "./ledger-content.ts";
import { LedgerStorage, type LedgerOptions, type OpenedLedger } from "./ledger-storage.ts";

/**
 * What is known to be in the bucket, for one destination, and what failed. Everything that changes it adds one line to
 * the journal first and throws "disk-full" or "state-unwritable", unchanged, when that can't be written. Opened by
 * `openLedger`, by the holder of `helper.lock` only.
 */
export class Ledger {
  /** The name a ledger that could not be read has now; it was started anew. */
  readonly wasSetAside: string | undefined;
  readonly #content: LedgerContent;
  readonly #storage: LedgerStorage;

  constructor(opened: OpenedLedger, options: LedgerOptions, wasSetAside: string | undefined) {
    this.wasSetAside = wasSetAside;
    this.#content = opened.content;
    this.#storage = new LedgerStorage(opened, options);
  }

  get destination(): Destination {
    return this.#content.head.destination;
  }

  /** Number of entries, those of missing files included. */
  get size(): number {
    return this.#content.entries.size;
  }

  get(path: string): LedgerEntry | undefined {
    return this.#content.entries.get(path);
  }

  /** What a scan needs of an entry: cheaper than the whole. */
  known(path: string): KnownFile | undefined {
    return this.#content.entries.known(path);
  }

  /** The first digits of every recorded sha256 with its path: quicker than building every entry. */
  contents(): IterableIterator<[string, string]> {
    return this.#content.entries.contents();
  }

  paths(): IterableIterator<string> {
    return this.#content.entries.keys();
  }

  entries(): IterableIterator<[string, LedgerEntry]> {
    return this.#content.entries.entries();
  }

  /** Records that the photo at `path` is in the bucket (invariant 1), and forgets its failure. */
  put(path: string, entry: LedgerEntry): void {
    if (!checkEntry(entry)) throw new TypeError("not a ledger entry");
    this.#storage.record({ op: "put", path, entry: { ...entry } });
  }

  failure(path: string): Failure | undefined {
    return this.#content.failures.get(path);
  }

  get failureCount(): number {
    return this.#content.failures.size;
  }

  failures(): IterableIterator<[string, Failure]> {
    return this.#content.failures.entries();
  }

  fail(path: string, failure: Failure): void {
    this.#storage.record({ op: "fail", path, failure: failureSchema.parse(failure) });
  }

  clearFailure(path: string): void {
    if (this.#content.failures.has(path)) this.#storage.record({ op: "clear-failure", path });
  }

  /** Notes since when a file is gone from the disk. Its entry stays; an earlier note stands. */
  markMissing(path: string, at: string): void {
    if (!isTime(at)) throw new TypeError("not a time");
    const entry = this.get(path);
    if (entry && entry.missingSince === undefined) this.#storage.record({ op: "missing", path, at });
  }

  clearMissing(path: string): void {
    if (this.get(path)?.missingSince !== undefined) this.#storage.record({ op: "clear-missing", path });
  }

  /**
   * Notes since when a photo's object is known to be gone: the photo no longer counts as backed up and is sent again, which
   * clears the note. Its entry stays, since it tells of the earlier versions; an earlier note stands.
   */
  markGone(path: string, at: string): void {
    if (!isTime(at)) throw new TypeError("not a time");
    const entry = this.get(path);
    if (entry && entry.goneSince === undefined) this.#storage.record({ op: "gone", path, at });
  }

  /** The object was proved to be there after all. */
  clearGone(path: string): void {
    if (this.get(path)?.goneSince !== undefined) this.#storage.record({ op: "clear-gone", path });
  }

  /** End of the last scan that read everything and left nothing; see the design for what it may claim. */
  get lastBackup(): string | undefined {
    return this.#content.head.lastBackup ?? undefined;
  }

  setLastBackup(at: string | undefined): void {
    if (at !== undefined && !isTime(at)) throw new TypeError("not a time");
    if (at !== this.lastBackup) this.#storage.record({ op: "last-backup", at: at ?? null });
  }

  /**
   * Grows with every fold. With the two below it tells whether an entry changed since somebody looked: not, when nothing of
   * the journal they saw is gone, and nothing came after it that changes an entry.
   */
  get generation(): number {
    return this.#content.head.generation;
  }

  get journalBytes(): number {
    return this.#storage.journalBytes;
  }

  get entriesChangedAtBytes(): number {
    return this.#storage.entriesChangedAtBytes;
  }

  /** True once the journal has grown long beside the ledger, or holds changes and the last fold is 10 minutes ago. */
  shouldFold(): boolean {
    return this.#storage.shouldFold();
  }

  /** The same when nothing is under way: a small file is brought up to date at once, for whoever reads it. */
  shouldFoldAtRest(): boolean {
    return this.#storage.shouldFoldAtRest();
  }

  /**
   * Writes the whole ledger anew with everything the journal holds. Records may be added meanwhile. When it throws,
   * everything is as before and records are still taken, unless `helper.lock` was lost.
   */
  fold(): Promise<void> {
    return this.#storage.fold();
  }

  /**
   * Folds what the journal holds, so that the file's entries are whole and current at rest, and refuses every change from
   * now on. A large file is not written anew for a new `lastBackup` or failures alone: the journal keeps them.
   */
  close(): Promise<void> {
    return this.#storage.close();
  }
}
