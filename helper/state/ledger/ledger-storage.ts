import { translateStateError } from "../errors/translate-state-error.ts";
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
}

/** A ledger's files: every change goes to the journal before it is true, and from there, now and then, into the file. */
export class LedgerStorage {
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

  get journalBytes(): number {
    return this.#journal.sizeBytes;
  }

  get entriesChangedAtBytes(): number {
    return this.#entriesChangedAtBytes;
  }

  /** Writes one line to the journal, then changes the content. Throws, with nothing changed, when it can't be written. */
  record(record: JournalRecord): void {
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

  shouldFold(): boolean {
    const elapsedMs = this.#options.now() - this.#lastFoldAt;
    // A clock that was set back must not put it off for the length of the jump.
    return this.#hasOutgrown() || (this.#isDue() && (elapsedMs < 0 || elapsedMs >= foldAfterMs));
  }

  shouldFoldAtRest(): boolean {
    return this.shouldFold() || (this.#isDue() && this.#ledgerBytes <= foldAfterBytes);
  }

  fold(): Promise<void> {
    this.#folding ??= this.#fold().finally(() => (this.#folding = undefined));
    return this.#folding;
  }

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
