import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import { catalogueLine } from "./catalogue-line.ts";
import type { CatalogueSeries, PieceContent } from "./catalogue-series.ts";
import type { PieceParts } from "./store-piece.ts";

/** From where pieces come and where they go. */
export interface Outlet {
  series: CatalogueSeries;
  ledger: { get(path: string): LedgerEntry | undefined };
  folders: PieceContent["folders"];
  parts: PieceParts;
}

/** Lines of one object at the most: about 5 MB packed, which is what is held in memory. */
export const partEntries = 50_000;

/** A piece costs whoever reads it a request, however small it is. */
const pieceWeightBytes = 10_000;
const snapshotAfterBytes = 256 * 1024;

/** Stores the entries of these paths, `partEntries` at the most, as one piece. Throws what `CatalogueSeries.store` does. */
export async function writePiece(paths: readonly string[], outlet: Outlet): Promise<void> {
  const { series, parts } = outlet;
  const stored = await series.store(contentOf(paths, outlet), parts);
  const { pieces = 0, pieceBytes = 0 } = series.state ?? {};
  await series.save({ pieces: pieces + 1, pieceBytes: pieceBytes + stored.sizeBytes });
}

/** Stores the entries of all these paths as the parts of one snapshot. Throws what `CatalogueSeries.store` does. */
export async function writeSnapshotParts(paths: readonly string[], outlet: Outlet): Promise<void> {
  const { series } = outlet;
  const parts = Math.max(1, Math.ceil(paths.length / partEntries));
  let replacesBelow: number | undefined;
  let snapshotBytes = 0;
  for (let part = 1; part <= parts; part += 1) {
    const content = contentOf(paths.slice((part - 1) * partEntries, part * partEntries), outlet);
    const stored = await series.store({ ...content, snapshot: { part, parts, replacesBelow } }, outlet.parts);
    replacesBelow ??= stored.number;
    snapshotBytes += stored.sizeBytes;
  }
  const snapshot = replacesBelow === undefined ? undefined : { number: replacesBelow, parts };
  await series.save({ snapshotBytes, snapshot, pieces: 0, pieceBytes: 0, hasGaps: undefined });
}

/** The pieces have grown so long beside the newest snapshot that a new one is due; or some of them are gone. */
export function hasOutgrown({ state }: Pick<CatalogueSeries, "state">): boolean {
  const { pieces = 0, pieceBytes = 0, snapshotBytes = 0, hasGaps = false } = state ?? {};
  return hasGaps || pieceBytes + pieces * pieceWeightBytes > Math.max(snapshotBytes / 4, snapshotAfterBytes);
}

function contentOf(paths: readonly string[], { ledger, folders }: Outlet): PieceContent {
  const lines = function* () {
    for (const path of paths) yield catalogueLine(path, ledger.get(path) as LedgerEntry);
  };
  return { count: paths.length, lines, folders };
}
