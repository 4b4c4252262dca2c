import PQueue from "p-queue";
import { BackupError } from "../state/errors/backup-error.ts";
import { backUpPhoto, type PhotoParts, type ReadingParts } from "./back-up-photo.ts";
import type { BackupRunOptions } from "./backup-run-options.ts";
import type { BucketView } from "./bucket-view.ts";
import { BufferPool } from "./buffer-pool.ts";
import type { Candidate } from "./candidate.ts";
import type { CandidateQueue } from "./candidate-queue.ts";
import { KeyTurns } from "./key-turns.ts";
import { KnownContents } from "./known-contents.ts";
import { markMissing } from "./mark-missing.ts";
import { abandonStale } from "./multipart/abandon-stale.ts";
import { largeFileLimits, limitsAt } from "./multipart/plan-parts.ts";
import { duringStep } from "./during-step.ts";
import type { ObjectStore } from "./object-store.ts";
import { photoFailure } from "./photo-failure.ts";
import { ReadAheadBudget } from "./read-ahead-budget.ts";
import { rehashPhotos } from "./rehash-photos.ts";
import { newRunProgress, type RunProgress, type RunStep } from "./run-progress.ts";
import { isComplete, summaryOf, type RunSummary } from "./run-summary.ts";
import { RunBucket } from "./run-bucket.ts";
import { RunScan } from "./run-scan.ts";
import { settlePhotos } from "./settle-photos.ts";

/** Photos being prepared or waiting behind the one on the wire. */
const photosAhead = 4;

/** How often a photo with a passing trouble of its own is tried within one run. */
const passesMost = 3;

/** Further scans of one run, when photos vanish under way. Were they to vanish still, the next run goes on. */
const looksAgainMost = 2;

/** One backup of some folders: scan, upload one at a time, let late ones settle, try failed ones again, sum up. */
export class BackupRun {
  readonly progress: RunProgress;
  readonly #options: BackupRunOptions;
  readonly #scan: RunScan;
  readonly #fatal = new AbortController();
  readonly #bucket: RunBucket;
  readonly #known: KnownContents;

  constructor(options: BackupRunOptions) {
    this.#options = options;
    this.progress = newRunProgress(options.clock.now());
    this.#scan = new RunScan(options, this.progress);
    this.#bucket = new RunBucket(options);
    this.#known = new KnownContents(options.ledger);
  }

  /**
   * @returns what was done
   * @throws BackupError what stops the whole run: the destination or our own state. Photos recorded before stay so.
   */
  async run(): Promise<RunSummary> {
    const { clock, fs, ledger, intents, coversEverything } = this.#options;
    const startedAt = clock.now();
    this.#enter("scanning");
    await this.#scan.scan();
    this.progress.scannedAt = clock.now();
    this.#enter("uploading");
    await this.#uploadScanned();
    await this.#retryFailed();
    await this.#lookAgain();
    this.#options.stopping.throwIfAborted();
    markMissing(this.#scan, ledger, clock.now());
    await abandonStale({
      ...{ scan: this.#scan, intents, ledger, fs, hasAskedBucket: this.#bucket.requestCount > 0 },
      openParts: async () => ({ ...this.#readingParts(), ...this.#photoParts(await this.#bucket.open(), undefined) }),
    });
    const catalogueError = await this.#during("cataloguing", async () =>
      this.#options.finishCatalogue?.(() => this.#bucket.open()),
    );
    const summary = this.#summary(startedAt, catalogueError?.code);
    const isWhole = isComplete(summary) && !this.#scan.needsAnotherLook && !catalogueError;
    if (coversEverything && isWhole) ledger.setLastBackup(new Date(clock.now()).toISOString());
    this.#enter("done");
    return summary;
  }

  #settleParts() {
    const { fs, clock, stopping } = this.#options;
    return { fs, clock, stopping, onDeferred: this.#failed.bind(this) };
  }

  #rehashParts() {
    const { fs, ledger, stopping } = this.#options;
    const onSame = (candidate: Candidate) => {
      this.#scan.backedUp(candidate);
      this.progress.alreadyBackedUp += 1;
      this.#options.onProgress?.(this.progress);
    };
    return { fs, ledger, stopping, onSame, onFailed: this.#failed.bind(this) };
  }

  async #uploadScanned(): Promise<void> {
    await this.#upload(this.#scan.pending);
    await this.#upload(await rehashPhotos(this.#scan.toRehash, this.#rehashParts()));
    const unsettled = this.#scan.unsettled.splice(0);
    await this.#upload(await this.#during("settling", () => settlePhotos(unsettled, this.#settleParts())));
  }

  /** Photos that vanished under way may be elsewhere in these folders by now, or their disk may have been pulled out. */
  async #lookAgain(): Promise<void> {
    for (let look = 1; look <= looksAgainMost && this.#scan.needsAnotherLook; look += 1) {
      await this.#scan.scan();
      await this.#uploadScanned();
    }
  }

  async #upload(candidates: CandidateQueue): Promise<void> {
    const { size } = candidates;
    if (size === 0) return;
    const reading = this.#readingParts();
    // The first photos are read while the bucket is asked.
    const opening = this.#during("asking", async () => {
      const store = await this.#bucket.open();
      return { ...reading, ...this.#photoParts(store, await this.#bucket.view(store, size)) };
    });
    opening.catch((error: unknown) => this.#fatal.abort(error));
    const ahead = new PQueue({ concurrency: photosAhead });
    for (let next = candidates.take(); next && !reading.stopping.aborted; next = candidates.take()) {
      const candidate = next;
      void ahead.add(() => this.#backUp(candidate, reading, opening));
      await ahead.onSizeLessThan(1);
    }
    await ahead.onIdle();
    this.#options.stopping.throwIfAborted();
    this.#fatal.signal.throwIfAborted();
  }

  async #backUp(candidate: Candidate, reading: ReadingParts, opening: Promise<PhotoParts>): Promise<void> {
    try {
      reading.stopping.throwIfAborted();
      const anyway = this.#options.anywayPaths.has(candidate.path);
      const done = await backUpPhoto(candidate, { anyway, reading, opening });
      this.#scan.backedUp(candidate);
      if (done.conflicts.length > 0) this.progress.conflicts += 1;
      if (done.kind === "found") this.progress.alreadyBackedUp += 1;
      if (done.isDuplicate) this.progress.duplicates += 1;
      if (done.kind === "uploaded") this.#uploaded(candidate);
      this.#options.onProgress?.(this.progress);
    } catch (error) {
      this.#gaveUp(candidate, error);
    }
  }

  #uploaded(candidate: Candidate): void {
    this.progress.uploaded += 1;
    this.progress.bytesUploaded += candidate.sizeBytes;
    this.progress.lastUpload = this.#options.clock.now();
  }

  /** A photo's own trouble is written down; anything that is not the photo's stops the run. */
  #gaveUp(candidate: Candidate, error: unknown): void {
    this.#stopAt(error);
    // The bucket could not be opened, whatever its error calls itself.
    if (this.#fatal.signal.aborted && error === this.#fatal.signal.reason) return;
    // What the end itself brings about is nobody's trouble; what an upload left in the bucket must be known to the next run.
    const isEnding = this.#options.stopping.aborted || this.#fatal.signal.aborted;
    if (isEnding && !(error instanceof BackupError && error.reason.scope === "photo")) return;
    // Invariant 8: what nobody foresaw is a failure of this photo with its cause shown.
    const known =
      error instanceof BackupError ? error : new BackupError("unknown", { detail: String(error), cause: error });
    try {
      this.#failed(candidate, known);
    } catch (stateError) {
      this.#fatal.abort(stateError);
    }
  }

  /** Ends the run where an error is not a photo's own. */
  #stopAt(error: unknown): void {
    if (this.#options.stopping.aborted || this.#fatal.signal.aborted) return;
    if (error instanceof BackupError && error.reason.scope !== "photo") this.#fatal.abort(error);
  }

  #failed(candidate: Candidate, error: BackupError): void {
    if (error.code === "vanished") return this.#scan.vanished(candidate);
    const { ledger, clock } = this.#options;
    const failure = photoFailure({ error, earlier: ledger.failure(candidate.path), candidate, now: clock.now() });
    ledger.fail(candidate.path, failure);
    this.#scan.failed(candidate, failure);
    this.#options.onProgress?.(this.progress);
  }

  async #retryFailed(): Promise<void> {
    for (let pass = 2; pass <= passesMost; pass += 1) {
      const again = this.#scan.takeRetryable();
      if (again.size === 0) return;
      const waitMs = 1_000 * 4 ** (pass - 2);
      await this.#during("retrying", () => this.#options.clock.sleep(waitMs, this.#options.stopping));
      await this.#upload(again);
    }
  }

  #readingParts(): ReadingParts {
    const { fs, stopping } = this.#options;
    return {
      fs,
      known: this.#known,
      budget: new ReadAheadBudget(),
      buffers: new BufferPool(),
      stopping: AbortSignal.any([stopping, this.#fatal.signal]),
    };
  }

  #photoParts(store: ObjectStore, view: BucketView | undefined): Omit<PhotoParts, keyof ReadingParts> {
    const { ledger, clock, gate, bodies, prefix, intents, aborting } = this.#options;
    return {
      ...{ store, view, ledger, clock, gate, bodies, prefix, intents, aborting },
      largeFiles: limitsAt(store.limits ?? {}, this.#options.largeFiles ?? largeFileLimits),
      keyTurns: new KeyTurns(),
      contentTurns: new KeyTurns(),
      onWire: (candidate) => this.#onWire(candidate),
      onBodyFailed: (error) => this.#stopAt(error),
      onSending: (candidate, sentBytes) => this.#onSending(candidate, sentBytes),
    };
  }

  #onWire(candidate: Candidate | undefined): void {
    if (!candidate) delete this.progress.current;
    else {
      const { path, sizeBytes } = candidate;
      this.progress.current = { path, sizeBytes, sentBytes: 0, startedAt: this.#options.clock.now() };
    }
    this.#options.onProgress?.(this.progress);
  }

  #onSending(candidate: Candidate, sentBytes: number): void {
    if (this.progress.current?.path !== candidate.path) return;
    this.progress.current.sentBytes = sentBytes;
    this.#options.onProgress?.(this.progress);
  }

  #enter(phase: RunProgress["phase"]): void {
    this.progress.phase = phase;
    this.#options.onProgress?.(this.progress);
  }

  #during<Result>(step: RunStep, work: () => Promise<Result>): Promise<Result> {
    return duringStep(this.progress, step, { work, onProgress: this.#options.onProgress });
  }

  #summary(startedAt: number, catalogueError: string | undefined): RunSummary {
    const { clock, intents } = this.#options;
    const run = { requests: this.#bucket.requestCount, elapsedMs: clock.now() - startedAt };
    return summaryOf(this.progress, { ...run, catalogueError, uploadsLeftOpen: intents.left().length });
  }
}
