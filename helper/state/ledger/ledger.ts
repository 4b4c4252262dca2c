import { translateStateError } from "../errors/translate-state-error.ts";
import type { Destination } from "../files/destination.ts";
import { failureSchema, type Failure } from "../files/failures.ts";
import type { LedgerEntry } from "../files/ledger-entry.ts";
import { checkEntry, isTime } from "./check-entry.ts";
import type { KnownFile } from "./entry-map.ts";
import { foldLedger, settleNextJournal, type FoldStep } from "./fold-ledger.ts";
import { journalLine, type JournalFile } from "./journal-file.ts";
import { changesEntry, type JournalRecord } from "./journal-record.ts";
import { applyRecord, type LedgerContent } from "./ledger-content.ts";
import type { LedgerFiles } from "./ledger-files.ts";
import type { LedgerFs } from "./ledger-fs.ts";

const foldAfterMs = 10 * 60_000;
const foldAfterBytes = 4 * 1024 * 1024;
const verifyEveryMs = 1000;

export interface LedgerOptions {
  fs: LedgerFs;
  now(): number;
  verifyOwnership(): void;
  onFoldStep(step: FoldStep): void | Promise<void>;
  /** Called after an entry was recorded or changed. */
  onEntry(path: string): void;
}

export interface OpenedLedger {
  files: LedgerFiles;
  content: LedgerContent;
  journal: JournalFile;
  /** Of the journal's header and outstanding failures: what a fold would leave of it. */
  journalStartBytes: number;
  /** Of the journal up to the end of the last record that changes an entry; 0 where none does. */
  entriesChangedAtBytes: number;
  ledgerBytes: number;
  /** The ledger file lacks entries, or holds older ones. */
  isFileStale: boolean;
  wasSetAside: string | undefined;
}

/**
 * What is known to be in the bucket, for one destination, and what failed. Everything that changes it adds one line to
 * the journal first and throws "disk-full" or "state-unwritable", unchanged, when that can't be written. Opened by
 * `openLedger`, by the holder of `helper.lock` only.
 */
export class Ledger {
  /** The name a ledger that could not be read has now; it was started anew. */
  readonly wasSetAside: string | undefined;
  readonly #files: LedgerFiles;
  readonly #content: LedgerContent;
  readonly #options: LedgerOptions;
  #journal: JournalFile;
  #journalStartBytes: number;
  #entriesChangedAtBytes: number;
  #ledgerBytes: number;
  #isFileStale: boolean;
  #lastFoldAt: number;
  #lastVerifiedAt = -Infinity;
  #nextJournalUnsettled = false;
  #folding: Promise<void> | undefined;
  #closing: Promise<void> | undefined;
  #refusal: unknown;

  constructor(opened: OpenedLedger, options: LedgerOptions) {
    this.wasSetAside = opened.wasSetAside;
    this.#files = opened.files;
    this.#content = opened.content;
    this.#journal = opened.journal;
    this.#journalStartBytes = opened.journalStartBytes;
    this.#entriesChangedAtBytes = opened.entriesChangedAtBytes;
    this.#ledgerBytes = opened.ledgerBytes;
    this.#isFileStale = opened.isFileStale;
    this.#options = options;
    this.#lastFoldAt = options.now();
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
    this.#record({ op: "put", path, entry: { ...entry } });
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
    this.#record({ op: "fail", path, failure: failureSchema.parse(failure) });
  }

  clearFailure(path: string): void {
    if (this.#content.failures.has(path)) this.#record({ op: "clear-failure", path });
  }

  /** Notes since when a file is gone from the disk. Its entry stays; an earlier note stands. */
  markMissing(path: string, at: string): void {
    if (!isTime(at)) throw new TypeError("not a time");
    const entry = this.get(path);
    if (entry && entry.missingSince === undefined) this.#record({ op: "missing", path, at });
  }

  clearMissing(path: string): void {
    if (this.get(path)?.missingSince !== undefined) this.#record({ op: "clear-missing", path });
  }

  /**
   * Notes since when a photo's object is known to be gone: the photo no longer counts as backed up and is sent again, which
   * clears the note. Its entry stays, since it tells of the earlier versions; an earlier note stands.
   */
  markGone(path: string, at: string): void {
    if (!isTime(at)) throw new TypeError("not a time");
    const entry = this.get(path);
    if (entry && entry.goneSince === undefined) this.#record({ op: "gone", path, at });
  }

  /** The object was proved to be there after all. */
  clearGone(path: string): void {
    if (this.get(path)?.goneSince !== undefined) this.#record({ op: "clear-gone", path });
  }

  /** End of the last scan that read everything and left nothing; see the design for what it may claim. */
  get lastBackup(): string | undefined {
    return this.#content.head.lastBackup ?? undefined;
  }

  setLastBackup(at: string | undefined): void {
    if (at !== undefined && !isTime(at)) throw new TypeError("not a time");
    if (at !== this.lastBackup) this.#record({ op: "last-backup", at: at ?? null });
  }

  /**
   * Grows with every fold. With the two below it tells whether an entry changed since somebody looked: not, when nothing of
   * the journal they saw is gone, and nothing came after it that changes an entry.
   */
  get generation(): number {
    return this.#content.head.generation;
  }

  get journalBytes(): number {
    return this.#journal.sizeBytes;
  }

  get entriesChangedAtBytes(): number {
    return this.#entriesChangedAtBytes;
  }

  /** True once the journal has grown long beside the ledger, or holds changes and the last fold is 10 minutes ago. */
  shouldFold(): boolean {
    return this.#hasOutgrown() || (this.#isDue() && this.#options.now() - this.#lastFoldAt >= foldAfterMs);
  }

  /**
   * Writes the whole ledger anew with everything the journal holds. Records may be added meanwhile. When it throws,
   * everything is as before and records are still taken, unless `helper.lock` was lost.
   */
  fold(): Promise<void> {
    this.#folding ??= this.#fold().finally(() => (this.#folding = undefined));
    return this.#folding;
  }

  /**
   * Folds what the journal holds, so that the file's entries are whole and current at rest, and refuses every change from
   * now on. A large file is not written anew for a new `lastBackup` or failures alone: the journal keeps them.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    try {
      await this.#folding?.catch(() => undefined);
      if (this.#refusal !== undefined) return;
      if (this.#isDue() || this.#hasOutgrown() || this.#nextJournalUnsettled) await this.fold();
    } finally {
      this.#refusal = new Error("the ledger is closed");
      this.#journal.close();
    }
  }

  get #grownBytes(): number {
    return this.#journal.sizeBytes - this.#journalStartBytes;
  }

  #hasOutgrown(): boolean {
    return this.#grownBytes > Math.max(foldAfterBytes, this.#ledgerBytes / 4);
  }

  #isDue(): boolean {
    return this.#grownBytes > 0 && (this.#isFileStale || this.#ledgerBytes <= foldAfterBytes);
  }

  async #fold(): Promise<void> {
    if (this.#refusal !== undefined) throw this.#refusal;
    const { fs, onFoldStep } = this.#options;
    const fold = { files: this.#files, fs, onStep: onFoldStep, content: this.#content, journal: this.#journal };
    const wasFileStale = this.#isFileStale;
    this.#isFileStale = false;
    try {
      if (this.#nextJournalUnsettled) await settleNextJournal(fold);
      this.#nextJournalUnsettled = false;
      await foldLedger({
        ...fold,
        verifyOwnership: () => this.#verify(),
        onCommit: (folded) => {
          this.#journal.close();
          this.#journal = folded.journal;
          this.#journalStartBytes = folded.startSizeBytes;
          // What came during the fold may change entries.
          const { sizeBytes } = folded.journal;
          this.#entriesChangedAtBytes = sizeBytes > folded.startSizeBytes ? sizeBytes : 0;
          this.#ledgerBytes = folded.ledgerSizeBytes;
          this.#content.head.generation = folded.head.generation;
          this.#lastFoldAt = this.#options.now();
          this.#nextJournalUnsettled = true;
        },
      });
      this.#nextJournalUnsettled = false;
    } catch (error) {
      this.#isFileStale ||= wasFileStale;
      throw translateStateError(error, this.#files.ledger);
    }
  }

  #record(record: JournalRecord): void {
    if (this.#refusal !== undefined) throw this.#refusal;
    const now = performance.now();
    if (now - this.#lastVerifiedAt >= verifyEveryMs) this.#verify();
    this.#journal.append(Buffer.from(journalLine(record)));
    applyRecord(this.#content, record);
    if (!changesEntry(record)) return;
    this.#entriesChangedAtBytes = this.#journal.sizeBytes;
    this.#isFileStale = true;
    this.#options.onEntry(record.path);
  }

  /** A lock once lost is lost for good: whoever has it now writes these files. */
  #verify(): void {
    try {
      this.#options.verifyOwnership();
      this.#lastVerifiedAt = performance.now();
    } catch (error) {
      this.#refusal = error;
      throw error;
    }
  }
}
