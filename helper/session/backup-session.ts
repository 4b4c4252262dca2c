import PQueue from "p-queue";
import { BackupRun } from "../backup/backup-run.ts";
import type { BackupRunOptions } from "../backup/backup-run-options.ts";
import type { BucketView } from "../backup/bucket-view.ts";
import { systemClock, type Clock } from "../backup/clock.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { openBucketView } from "../catalogue/open-bucket-view.ts";
import { openCatalogue } from "../catalogue/open-catalogue.ts";
import { DestinationGate } from "../backup/destination-gate.ts";
import { nodeFileSystem } from "../backup/file-system.ts";
import { lossCodes } from "../backup/note-lost.ts";
import type { LargeFileLimits } from "../backup/multipart/plan-parts.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import type { RunProgress } from "../backup/run-progress.ts";
import type { RunSummary } from "../backup/run-summary.ts";
import type { BackupError } from "../state/errors/backup-error.ts";
import type { Destination } from "../state/files/destination.ts";
import { openUploadIntents, type UploadIntentsFile } from "../state/files/open-upload-intents.ts";
import type { Ledger } from "../state/ledger/ledger.ts";
import { openLedger } from "../state/ledger/open-ledger.ts";
import type { StatePaths } from "../state/state-paths.ts";
import { doubtMissingBucket, settleDoubt } from "./doubted-bucket.ts";
import { FoldBeside } from "./fold-beside.ts";
import { isInside } from "./scanned-folders.ts";
import { keepEarlierCounts, publishTimes, takeOverTimes } from "./session-times.ts";
import type { StatusPublisher } from "./status-publisher.ts";

interface SessionOptions {
  paths: StatePaths;
  destination: Destination;
  openStore: () => Promise<ObjectStore>;
  publisher: StatusPublisher;
  /** How long an outage may last before a run gives up. */
  patienceMs: number;
  /** Throws once this process no longer is the one helper. */
  verifyOwnership: () => void;
  clock?: Clock;
  /** Smaller ones, for tests. */
  largeFiles?: LargeFileLimits;
  onProgress?: (progress: RunProgress) => void;
  /** A piece of a catalogue in the bucket is damaged and was not believed. */
  onDamagedPiece?: (key: string) => void;
  /** The catalogues in the bucket say more than anybody's photos could; what was too much is left out. */
  onCatalogueSurplus?: () => void;
}

type RunOptions = Pick<
  BackupRunOptions,
  "folders" | "coversEverything" | "retryAll" | "retryPaths" | "anywayPaths" | "rehash" | "stopping" | "aborting"
>;

/** One destination, opened: its ledger, its bucket, and the runs that bring the two together. */
export class BackupSession {
  readonly ledger: Ledger;
  readonly #options: SessionOptions;
  readonly #bodies = new PQueue({ concurrency: 1 });
  #store: Promise<ObjectStore> | undefined;
  #openedStore: ObjectStore | undefined;
  readonly #folds: FoldBeside;
  #progress: RunProgress | undefined;
  /** One for all runs: a run that starts over must not forget what the service asked us to wait. */
  readonly #gate: DestinationGate;
  #catalogue: Catalogue | undefined;
  readonly #intents: UploadIntentsFile;

  private constructor(options: SessionOptions, ledger: Ledger, intents: UploadIntentsFile) {
    this.#options = options;
    this.#intents = intents;
    this.ledger = ledger;
    this.#folds = new FoldBeside(ledger);
    this.#gate = new DestinationGate({
      clock: options.clock ?? systemClock,
      random: Math.random,
      patienceMs: options.patienceMs,
      onChange: (outage) => {
        if (!this.#progress) return;
        this.#progress.outage = outage;
        this.#show(this.#progress);
      },
    });
  }

  static async open(options: SessionOptions): Promise<BackupSession> {
    const { paths, destination } = options;
    let onEntry: (path: string) => void = () => undefined;
    const ledger = await openLedger(paths, destination, {
      verifyOwnership: options.verifyOwnership,
      onEntry: (path) => onEntry(path),
    });
    try {
      const session = new BackupSession(options, ledger, await openUploadIntents(paths, destination));
      onEntry = (path) => session.#catalogue?.changed(path);
      await session.#begin();
      return session;
    } catch (error) {
      // Opening is tried again and again: each time an open journal more, and soon there are no more to be had.
      await ledger.close().catch(() => undefined);
      throw error;
    }
  }

  async #begin(): Promise<void> {
    const { publisher, destination } = this.#options;
    const { published } = publisher;
    await this.#openCatalogue();
    publisher.begin(destination);
    this.#publishCatalogue();
    published.failures = () => this.ledger.failures();
    published.requestCount = () => this.#openedStore?.requestCount ?? 0;
    await takeOverTimes(published, this.ledger, this.#options);
  }

  /** @throws BackupError what stopped the run */
  async run(options: RunOptions): Promise<RunSummary> {
    const { paths, publisher, destination, clock = systemClock } = this.#options;
    const doubted = { paths, destination, clock, ledger: this.ledger };
    await settleDoubt(doubted, { openStore: () => this.#openStore(), gate: this.#gate, signal: options.stopping });
    const run = new BackupRun({
      ...options,
      openStore: () => this.#openStore(),
      ledger: this.ledger,
      fs: nodeFileSystem,
      clock,
      gate: this.#gate,
      bodies: this.#bodies,
      intents: this.#intents,
      ...(this.#options.largeFiles ? { largeFiles: this.#options.largeFiles } : {}),
      prefix: destination.prefix,
      onProgress: (progress) => this.#onProgress(progress),
      openBucketView: (store, pendingPhotos, stopping) => this.#openBucketView(store, pendingPhotos, stopping),
      finishCatalogue: (openStore) => this.#finishCatalogue(openStore),
    });
    keepEarlierCounts(publisher.published);
    this.#progress = run.progress;
    this.#progress.outage = this.#gate.outage;
    publisher.published.progress = run.progress;
    delete publisher.published.stoppedBy;
    this.#catalogue?.begin(options);
    const summary = await run
      .run()
      .catch(async (error: unknown) => {
        await doubtMissingBucket(error, doubted);
        throw error;
      })
      .finally(() => this.#catalogue?.end());
    publishTimes(publisher.published, this.ledger, run.progress);
    await this.#folds.finish();
    await this.#catalogue?.rest();
    return summary;
  }

  /** Forgets failures of photos that lie in none of these folders: nobody asks for them any more. */
  forgetFailuresOutside(folders: readonly string[]): void {
    const isOutside = (path: string) => !folders.some((folder) => isInside(path, folder));
    // A photo that is nowhere any more is everybody's business.
    const outside = [...this.ledger.failures()].filter(([path, { code }]) => isOutside(path) && !lossCodes.has(code));
    for (const [path] of outside) this.ledger.clearFailure(path);
  }

  /** Whether our own catalogue is in the bucket still; the next run mends it. Between two runs only. */
  lookAtCatalogue(parts: Parameters<Catalogue["look"]>[0]): ReturnType<Catalogue["look"]> {
    return this.#catalogue?.look(parts) ?? Promise.resolve(undefined);
  }

  /** Folds the ledger, so that the file is whole and current at rest, and lets the connections go. */
  async close(): Promise<void> {
    this.#openedStore?.close();
    await this.#intents.close();
    await this.#folds.settled();
    await this.ledger.close();
    await this.#catalogue?.rest();
  }

  async #openCatalogue(): Promise<void> {
    const { paths, destination, clock = systemClock, onDamagedPiece = () => undefined } = this.#options;
    this.#catalogue = await openCatalogue({
      ...{ paths, destination, clock, ledger: this.ledger, gate: this.#gate, bodies: this.#bodies },
      openStore: () => this.#openStore(),
      onDamaged: onDamagedPiece,
    });
  }

  async #finishCatalogue(openStore: () => Promise<ObjectStore>): Promise<BackupError | undefined> {
    const { published } = this.#options.publisher;
    const error = await this.#catalogue?.finish(openStore);
    this.#publishCatalogue();
    delete published.catalogueBehind;
    if (error) published.catalogueBehind = { error, since: (this.#options.clock ?? systemClock).now() };
    return error;
  }

  #publishCatalogue(): void {
    const stored = this.#catalogue?.stored;
    if (stored) this.#options.publisher.published.catalogue = stored;
  }

  #openBucketView(store: ObjectStore, pendingPhotos: number, signal: AbortSignal): Promise<BucketView | undefined> {
    const nothing = () => undefined;
    const { destination, onDamagedPiece: onDamaged = nothing, onCatalogueSurplus: onSurplus = nothing } = this.#options;
    return openBucketView({
      ...{ store, signal, pendingPhotos, onDamaged, onSurplus, gate: this.#gate, prefix: destination.prefix },
      recordedPhotos: this.ledger.size,
      // A rebuild that was cut off goes on as one.
      isRebuilding: this.ledger.lastBackup === undefined,
    });
  }

  async #openStore(): Promise<ObjectStore> {
    this.#store ??= this.#options.openStore().then((store) => (this.#openedStore = store));
    try {
      return await this.#store;
    } catch (error) {
      this.#store = undefined;
      throw error;
    }
  }

  #onProgress(progress: RunProgress): void {
    const { publisher } = this.#options;
    publisher.published.activity = progress.phase === "scanning" ? "scanning" : "uploading";
    publishTimes(publisher.published, this.ledger, progress);
    this.#folds.whenGrown();
    this.#show(progress);
  }

  #show(progress: RunProgress): void {
    const { publisher, onProgress } = this.#options;
    publisher.changed();
    try {
      onProgress?.(progress);
    } catch (error) {
      // What only shows must never stop what saves.
      publisher.noteError(error);
    }
  }
}
