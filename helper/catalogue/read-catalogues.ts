import type { DestinationGate } from "../backup/destination-gate.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import type { CatalogueHistory } from "./catalogue-history.ts";
import type { CatalogueLine } from "./catalogue-line.ts";
import type { FoundPiece } from "./choose-pieces.ts";
import type { ListedPrefix } from "./list-prefix.ts";
import type { ListedObjects } from "./listed-objects.ts";
import { readCatalogue } from "./read-catalogue.ts";

interface ReadOptions {
  store: ObjectStore;
  gate: DestinationGate;
  signal: AbortSignal;
  onDamaged: (key: string) => void;
  /** The catalogues say more than anybody's photos could, and not all of it was taken. */
  onSurplus: () => void;
  history: CatalogueHistory | undefined;
  /** Lines and earlier versions. */
  linesMost: number;
}

/**
 * Notes of listed objects what every Mac's catalogue says of them. What it says of a key counts only where the listing
 * shows the size and ETag it noted (invariant 1), and only when all was read that might take it back.
 * @throws BackupError when the bucket does not let us read it
 */
export async function readCatalogues({ objects, pieces }: ListedPrefix, options: ReadOptions): Promise<void> {
  const { linesMost, onSurplus } = options;
  const gone = new Set<string>();
  let linesLeft = linesMost;
  for (const ofMac of pieces.values()) {
    linesLeft = await readOne(ofMac, { objects, gone, linesLeft }, options);
    if (linesLeft >= 0) continue;
    onSurplus();
    return objects.forgetAll();
  }
  for (const key of gone) objects.forget(key);
}

interface Noted {
  objects: ListedObjects;
  /** Keys whose objects some Mac knows to be gone, as the last it said of them. */
  gone: Set<string>;
  linesLeft: number;
}

/** @returns the lines that are left; below 0 when they did not suffice */
async function readOne(found: FoundPiece[], noted: Noted, options: ReadOptions): Promise<number> {
  const { store, gate, signal, history, onSurplus } = options;
  const { objects } = noted;
  const onDamaged = ({ key }: FoundPiece) => options.onDamaged(key);
  const goneHere = new Set<string>();
  let { linesLeft } = noted;
  let hasRoom = true;
  for await (const { line } of readCatalogue(found, { store, gate, signal, onDamaged })) {
    linesLeft -= 1 + (line.previous?.length ?? 0) + (line.changedKeys?.length ?? 0);
    if (linesLeft < 0) break;
    const confirmed = note(line, objects, goneHere);
    if (!confirmed || !hasRoom || !history || history.note(confirmed)) continue;
    hasRoom = false;
    onSurplus();
  }
  for (const key of goneHere) noted.gone.add(key);
  return linesLeft;
}

/** @returns the line with those of its earlier versions that are as they were noted, when its object is, too */
function note(line: CatalogueLine, objects: ListedObjects, gone: Set<string>): CatalogueLine | undefined {
  for (const key of line.changedKeys ?? []) objects.condemn(key);
  const isConfirmed = objects.isConfirmed(line);
  if (line.goneSince) {
    if (objects.has(line.key)) gone.add(line.key);
  } else if (isConfirmed && line.sha256) {
    gone.delete(line.key);
    objects.noteContent(line, line.sha256);
  }
  const previous = line.previous?.filter((version) => objects.isConfirmed(version));
  for (const { key, sha256 } of previous ?? []) if (sha256) objects.noteSha256(key, sha256);
  if (!isConfirmed) return undefined;
  return previous ? { ...line, previous } : line;
}
