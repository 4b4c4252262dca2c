import type { DestinationGate } from "../backup/destination-gate.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import type { CatalogueLine } from "./catalogue-line.ts";
import { choosePieces, inOrder, type FoundPiece } from "./choose-pieces.ts";
import { readPiece } from "./read-piece.ts";

interface ReadParts {
  store: ObjectStore;
  gate: DestinationGate;
  signal: AbortSignal;
  /** A piece was skipped: it is gone, damaged, or another version's. */
  onDamaged: (piece: FoundPiece) => void;
}

/**
 * What one Mac's catalogue says, oldest first: the last line about a path counts. Where a part of the newest snapshot is
 * damaged, every other piece there ever was is read instead, since none is ever deleted; lines come twice then, still in
 * an order in which the last one counts.
 * @throws BackupError when the bucket does not let us read it
 */
export async function* readCatalogue(
  found: readonly FoundPiece[],
  parts: ReadParts,
): AsyncGenerator<{ line: CatalogueLine; text: string }> {
  const chosen = choosePieces(found);
  const damaged = new Set<string>();
  const wholeLines = async function* (piece: FoundPiece) {
    const { store, gate, signal, onDamaged } = parts;
    const read = await gate.run(() => readPiece(store, piece, signal), signal);
    if (read) return yield* read.lines();
    damaged.add(piece.key);
    onDamaged(piece);
  };
  for (const piece of chosen) {
    yield* wholeLines(piece);
    if (piece.name.snapshot && damaged.has(piece.key)) {
      const others = inOrder(found).filter(({ key }) => !damaged.has(key));
      for (const other of others) yield* wholeLines(other);
      return;
    }
  }
}
