import type { DestinationGate } from "../backup/destination-gate.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { CatalogueLine } from "./catalogue-line.ts";
import { choosePieces, inOrder, type FoundPiece } from "./choose-pieces.ts";
import { readPiece, type ReadPiece } from "./read-piece.ts";

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
    const read = await readOrGiveUp(piece, parts);
    if (read) return yield* read.lines();
    damaged.add(piece.key);
    parts.onDamaged(piece);
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

/** Whether a piece cannot be read or nothing can: so often it is tried, and the bucket asked meanwhile. */
const triesMost = 3;

/**
 * A piece that the store has lost may be answered with errors for ever, and no photo may wait for that. While nothing
 * else is answered either, it is an outage like any other.
 * @returns undefined for a piece that is passed over
 */
async function readOrGiveUp(piece: FoundPiece, { store, gate, signal }: ReadParts): Promise<ReadPiece | undefined> {
  const read = async (triesBefore: number): Promise<ReadPiece | undefined> => {
    try {
      return await readPiece(store, piece, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (triesBefore + 1 < triesMost || !isPassing(error)) throw error;
      await store.checkBucket(signal);
      return undefined;
    }
  };
  return gate.run(read, signal);
}

function isPassing(error: unknown): boolean {
  return error instanceof BackupError && (error.code === "not-s3" || error.reason.retry === "backoff");
}
