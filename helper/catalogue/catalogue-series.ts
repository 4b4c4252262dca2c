import { randomBytes } from "node:crypto";
import type { Clock } from "../backup/clock.ts";
import type { ScannedFolder } from "../backup/candidate.ts";
import { readCatalogueState, writeCatalogueState } from "../state/files/catalogue-store.ts";
import type { CatalogueState } from "../state/files/catalogue-state.ts";
import type { Destination } from "../state/files/destination.ts";
import type { StatePaths } from "../state/state-paths.ts";
import { catalogueVersion, type CatalogueHeader } from "./catalogue-header.ts";
import { catalogueKey, type CatalogueKey } from "./catalogue-key.ts";
import { packPiece } from "./pack-piece.ts";
import { storePiece, type PieceParts } from "./store-piece.ts";

interface SeriesOptions {
  paths: StatePaths;
  destination: Destination;
  clock: Clock;
}

/** What goes into one piece; the lines are asked for again when it has to be packed again. */
export interface PieceContent {
  count: number;
  lines: () => Iterable<string>;
  folders: readonly Pick<ScannedFolder, "label" | "root">[];
  snapshot?: { part: number; parts: number; replacesBelow: number | undefined };
}

/** Somebody else writes under our id: a copy of this installation, or one that was put back from an older copy. */
export class ForeignPieceError extends Error {}

/** Kept of the pieces that were begun under one number, to recognize them. */
const inFlightMost = 50;

/** This installation's numbered pieces at one destination, and what is kept of them on this disk. */
export class CatalogueSeries {
  readonly #options: SeriesOptions;
  #state: CatalogueState | undefined;

  private constructor(options: SeriesOptions, state: CatalogueState | undefined) {
    this.#options = options;
    this.#state = state;
  }

  static async open(options: SeriesOptions): Promise<CatalogueSeries> {
    return new CatalogueSeries(options, await readCatalogueState(options.paths, options.destination));
  }

  /** Undefined before the first piece was begun. */
  get state(): Readonly<CatalogueState> | undefined {
    return this.#state;
  }

  /** Something may lie under our id. */
  get hasBegun(): boolean {
    return this.#state !== undefined && (this.#state.nextNumber > 1 || this.#state.inFlight !== undefined);
  }

  /** An id that nobody has, durable before it is used. */
  async beginAnew(): Promise<void> {
    this.#state = undefined;
    await this.save({});
  }

  async save(change: Partial<CatalogueState>): Promise<void> {
    const fresh = { version: 1, nextNumber: 1, snapshotBytes: 0, pieces: 0, pieceBytes: 0 } as const;
    const before = this.#state ?? { ...fresh, macId: randomBytes(8).toString("hex") };
    const after: CatalogueState = { ...before, ...change };
    await writeCatalogueState(this.#options.paths, this.#options.destination, after);
    this.#state = after;
  }

  /**
   * Stores the next piece.
   * @returns its number and packed size
   * @throws BackupError, or ForeignPieceError when the number is taken by what we never began
   */
  async store(content: PieceContent, parts: PieceParts): Promise<{ number: number; sizeBytes: number }> {
    if (!this.#state) await this.save({});
    for (;;) {
      const { macId, nextNumber: number, inFlight } = this.#state as CatalogueState;
      const begun = inFlight?.number === number ? inFlight.sha256s : [];
      const packed = await packPiece(this.#headerOf(number, macId, content), content.lines());
      // Durable first: after a kill nothing else tells our own piece from another's.
      await this.save({ inFlight: { number, sha256s: [...begun, packed.sha256Hex].slice(-inFlightMost) } });
      const { snapshot } = content;
      const key = catalogueKey(this.#options.destination.prefix, { macId, number, ...(snapshot ? { snapshot } : {}) });
      const outcome = await storePiece(key, packed, parts);
      if (outcome.kind === "taken" && !(outcome.sha256 && begun.includes(outcome.sha256)))
        throw new ForeignPieceError();
      const lastStoredAt = new Date(this.#options.clock.now()).toISOString();
      await this.save({ nextNumber: number + 1, inFlight: undefined, lastStoredAt });
      if (outcome.kind === "stored") return { number, sizeBytes: packed.bytes.length };
      if (snapshot && snapshot.part > 1) throw new ForeignPieceError();
    }
  }

  #headerOf(number: number, macId: CatalogueKey["macId"], { count, folders, snapshot }: PieceContent): CatalogueHeader {
    const { part, parts, replacesBelow = number } = snapshot ?? {};
    return {
      format: "photolala-catalogue",
      version: catalogueVersion,
      kind: snapshot ? "snapshot" : "piece",
      macId,
      number,
      ...(snapshot ? { replacesBelow, part, parts } : {}),
      createdAt: new Date(this.#options.clock.now()).toISOString(),
      prefix: this.#options.destination.prefix,
      folders: folders.map(({ label, root }) => ({ label, path: root })),
      count,
    };
  }
}
