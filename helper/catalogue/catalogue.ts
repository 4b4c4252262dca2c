import type { DestinationGate } from "../backup/destination-gate.ts";
import type { ScannedFolder } from "../backup/candidate.ts";
import type { Clock } from "../backup/clock.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { CatalogueSeries, ForeignPieceError } from "./catalogue-series.ts";
import { asIncomplete, findLostPieces, type FoundCatalogue, type LostPiecesOptions } from "./find-lost-pieces.ts";
import { findUncatalogued } from "./find-uncatalogued.ts";
import { isAt, positionOf, type PositionedLedger } from "./ledger-position.ts";
import type { PieceParts } from "./store-piece.ts";
import { hasOutgrown, writePiece, writeSnapshotParts, partEntries, type Outlet } from "./write-pieces.ts";

/** What the catalogue needs of the ledger. */
export interface CataloguedLedger extends PositionedLedger {
  get(path: string): LedgerEntry | undefined;
  paths(): IterableIterator<string>;
}

interface CatalogueOptions {
  series: CatalogueSeries;
  ledger: CataloguedLedger;
  prefix: string;
  clock: Clock;
  gate: DestinationGate;
  bodies: PieceParts["bodies"];
  openStore: () => Promise<ObjectStore>;
  /** A piece in the bucket is gone or damaged; what it held is sent again. */
  onDamaged: (key: string) => void;
}

export interface CatalogueRun {
  folders: readonly Pick<ScannedFolder, "label" | "root">[];
  stopping: AbortSignal;
  aborting: AbortSignal;
}

const pieceEntries = 1_000;
const pieceEveryMs = 15 * 60_000;

/** How often one piece may find its id in use by another installation. */
const newIdsMost = 3;

/**
 * The catalogue in the bucket: every path, date and hash of the ledger, in numbered pieces that are never replaced, so
 * that the bucket alone gives every photo back under every path (invariant 11).
 *
 * What is not in it yet is kept in memory, and costs a path an upload. After a kill the ledger no longer stands where it
 * stood when all of it was covered: then our own pieces are read back once, and what they lack is sent.
 */
export class Catalogue {
  readonly #options: CatalogueOptions;
  #pending = new Set<string>();
  #pendingSince: number | undefined;
  /** Whether what is not pending is known to be in the bucket. */
  #isCompared: boolean;
  #writing: Promise<void> | undefined;
  #error: unknown;
  #run: (CatalogueRun & { ended: AbortController }) | undefined;

  constructor(options: CatalogueOptions) {
    this.#options = options;
    const { ledger, series } = options;
    this.#isCompared = ledger.size === 0 || isAt(series.state?.covered, ledger);
  }

  /** Every entry of the ledger is in the bucket's catalogue, as far as this process knows. */
  get isCurrent(): boolean {
    return this.#isCompared && this.#pending.size === 0 && this.#writing === undefined;
  }

  /** The newest piece, and how many there are; undefined before the first. */
  get stored(): { storedAt: string; pieces: number } | undefined {
    const { lastStoredAt, nextNumber = 1 } = this.#options.series.state ?? {};
    return lastStoredAt ? { storedAt: lastStoredAt, pieces: nextNumber - 1 } : undefined;
  }

  begin(run: CatalogueRun): void {
    this.#run = { ...run, ended: new AbortController() };
    this.#error = undefined;
  }

  /** An entry was recorded. Closes a piece in the background when it is time. */
  changed(path: string): void {
    const now = this.#options.clock.now();
    this.#pending.add(path);
    // Later than now: the clock was set back meanwhile.
    this.#pendingSince = Math.min(this.#pendingSince ?? now, now);
    const isDue = this.#pending.size >= pieceEntries || now - this.#pendingSince >= pieceEveryMs;
    // After an error the end of the run tries again: photos must not wait for it.
    if (!isDue || this.#writing || this.#error || !this.#run) return;
    this.#writing = this.#writeAll(this.#options.openStore)
      .catch((error: unknown) => void (this.#error = error))
      .finally(() => (this.#writing = undefined));
  }

  /** At the end of a run: sends all that is not there yet. @returns what kept it from that */
  async finish(openStore = this.#options.openStore): Promise<BackupError | undefined> {
    await this.#writing;
    this.#error = undefined;
    try {
      if (!this.isCurrent) await this.#writeAll(openStore);
      // What was recorded meanwhile.
      if (!this.isCurrent) await this.#writeAll(openStore);
      if (hasOutgrown(this.#options.series)) await this.#writeSnapshot(openStore);
      return undefined;
    } catch (error) {
      this.#run?.stopping.throwIfAborted();
      return error instanceof BackupError ? error : new BackupError("unknown", { detail: String(error), cause: error });
    }
  }

  /** After a run, however it ended: nothing is sent from here on. */
  async end(): Promise<void> {
    this.#run?.ended.abort(new Error("the run has ended"));
    await this.#writing;
    this.#run = undefined;
  }

  /**
   * Looks whether all of it is in the bucket still. What is gone makes it behind, until it is compared and a new snapshot
   * stands there. Between two runs only. @throws BackupError what keeps the bucket from being asked
   */
  async look(parts: Pick<LostPiecesOptions, "store" | "gate" | "signal">): Promise<FoundCatalogue | undefined> {
    const { series, prefix } = this.#options;
    if (!series.state) return undefined;
    const found = await findLostPieces({ ...parts, prefix, state: series.state });
    if (!found || found.missing === 0) return found;
    this.#isCompared = false;
    await series.save(asIncomplete);
    return found;
  }

  /** At rest: notes where the ledger stands, so that the next start need not ask the bucket. */
  async rest(): Promise<void> {
    const { ledger, series } = this.#options;
    if (!this.isCurrent || isAt(series.state?.covered, ledger) || (ledger.size === 0 && !series.state)) return;
    await series.save({ covered: positionOf(ledger) });
  }

  async #writeAll(openStore: CatalogueOptions["openStore"]): Promise<void> {
    const store = await openStore();
    if (!this.#isCompared) await this.#compare(store);
    if (this.#pending.size === 0) return;
    if (this.#pending.size > pieceEntries && this.#pending.size >= this.#options.ledger.size) {
      return this.#writeSnapshot(openStore);
    }
    const paths = [...this.#pending];
    for (let start = 0; start < paths.length; start += partEntries) {
      const slice = paths.slice(start, start + partEntries);
      const isForeign = await this.#taking(slice, () => writePiece(slice, this.#outlet(store)));
      if (isForeign) return this.#writeSnapshot(openStore);
    }
  }

  /** The whole ledger anew. What changes meanwhile is pending, and comes in a later piece. */
  async #writeSnapshot(openStore: CatalogueOptions["openStore"]): Promise<void> {
    const store = await openStore();
    const { ledger } = this.#options;
    for (let newIds = 0; newIds < newIdsMost; newIds += 1) {
      const paths = [...ledger.paths()];
      const isForeign = await this.#taking(paths, async () => {
        await writeSnapshotParts(paths, this.#outlet(store));
      });
      if (!isForeign) {
        this.#isCompared = true;
        return;
      }
    }
    throw new BackupError("unknown", { detail: "every number of the catalogue is taken" });
  }

  /** Takes paths from the pending while they are sent; they come back when that fails. @returns whether our id was taken */
  async #taking(paths: readonly string[], send: () => Promise<void>): Promise<boolean> {
    const since = this.#pendingSince;
    for (const path of paths) this.#pending.delete(path);
    this.#pendingSince = undefined;
    try {
      await send();
      return false;
    } catch (error) {
      for (const path of paths) this.#pending.add(path);
      this.#pendingSince = since;
      if (!(error instanceof ForeignPieceError)) throw error;
      await this.#options.series.beginAnew();
      return true;
    }
  }

  async #compare(store: ObjectStore): Promise<void> {
    const { series, ledger, prefix, gate, onDamaged } = this.#options;
    const { waiting: signal } = this.#parts(store);
    const macId = series.state?.macId;
    const missing = macId
      ? await findUncatalogued({ store, gate, signal, prefix, macId, ledger, onDamaged })
      : { paths: ledger.paths(), knowsMore: false };
    // A snapshot of this ledger must not stand for what only those pieces tell.
    if (missing.knowsMore) await series.beginAnew();
    for (const path of missing.knowsMore ? ledger.paths() : missing.paths) this.#pending.add(path);
    this.#pendingSince ??= this.#options.clock.now();
    this.#isCompared = true;
  }

  #outlet(store: ObjectStore): Outlet {
    const { series, ledger } = this.#options;
    return { series, ledger, folders: this.#run?.folders ?? [], parts: this.#parts(store) };
  }

  #parts(store: ObjectStore): PieceParts {
    const { gate, bodies } = this.#options;
    const run = this.#run;
    if (!run) throw new Error("no run has begun");
    const aborting = AbortSignal.any([run.aborting, run.ended.signal]);
    return { store, gate, bodies, waiting: AbortSignal.any([run.stopping, aborting]), aborting };
  }
}
