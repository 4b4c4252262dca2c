import type { DestinationGate } from "../backup/destination-gate.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { CatalogueState } from "../state/files/catalogue-state.ts";
import { catalogueKey, catalogueRoot, type CatalogueKey } from "./catalogue-key.ts";
import { choosePieces, type FoundPiece } from "./choose-pieces.ts";
import { listPieces } from "./list-pieces.ts";

export interface LostPiecesOptions {
  store: ObjectStore;
  gate: DestinationGate;
  signal: AbortSignal;
  prefix: string;
  /** As it was before this question: what is stored meanwhile is not looked for. */
  state: CatalogueState;
}

/** Our own catalogue: the objects that must be there, and those of them that are not. */
export interface FoundCatalogue {
  pieces: number;
  missing: number;
}

/** What is noted of a catalogue of which something is gone: the next run compares it, and stores a snapshot. */
export const asIncomplete = { covered: undefined, hasGaps: true } as const;

/** Asked for one by one at the most: more that a listing does not show is no small loss, and said as it is. */
const askedMost = 300;

/**
 * Looks whether all of our own catalogue that it takes to read it is in the bucket still: the newest snapshot and what came
 * after it. What the listing does not show is asked for by its key before it counts as missing: to send a whole catalogue
 * again because of a listing that lies would not end.
 * @returns undefined where the bucket does not tell: it may not be listed, or its listing leaves out what is there
 * @throws BackupError what keeps the bucket from being asked
 */
export async function findLostPieces(options: LostPiecesOptions): Promise<FoundCatalogue | undefined> {
  const { prefix, state } = options;
  const listed = await listOwn(options);
  if (!listed) return undefined;
  const keys = new Set(listed.map(({ key }) => key));
  const numbers = new Set(listed.map(({ name }) => name.number));
  const needed = neededPieces(state, choosePieces(listed)[0]?.name);
  const keyOf = (name: CatalogueKey) => catalogueKey(prefix, name);
  // A number may have been stored as another kind, by a run that was killed.
  const isListed = (name: CatalogueKey) => (name.snapshot ? keys.has(keyOf(name)) : numbers.has(name.number));
  const unlisted = needed.filter((name) => !isListed(name)).map(keyOf);
  if (unlisted.length === 0) return { pieces: needed.length, missing: 0 };
  const asked = unlisted.slice(0, askedMost);
  const gone = await goneOf(asked, options);
  if (gone === 0) return undefined;
  return { pieces: needed.length, missing: gone === asked.length ? unlisted.length : gone };
}

async function listOwn({ store, gate, signal, prefix, state }: LostPiecesOptions): Promise<FoundPiece[] | undefined> {
  try {
    return await listPieces(`${catalogueRoot(prefix)}${state.macId}/`, prefix, { store, gate, signal });
  } catch (error) {
    if (error instanceof BackupError && error.code === "permission-denied") return undefined;
    throw error;
  }
}

/** The parts of the newest snapshot that we stored, or else of the newest that is there whole, and what came after it. */
function neededPieces(
  { macId, nextNumber, snapshot }: CatalogueState,
  first: CatalogueKey | undefined,
): CatalogueKey[] {
  const needed: CatalogueKey[] = [];
  let number = snapshot?.number ?? (first?.snapshot ? first.number : 1);
  const parts = snapshot?.parts ?? first?.snapshot?.parts ?? 0;
  for (let part = 1; part <= parts; part += 1) needed.push({ macId, number: number++, snapshot: { part, parts } });
  while (number < nextNumber) needed.push({ macId, number: number++ });
  return needed;
}

/**
 * A download is asked, whose refusal has words, which a HEAD's has not; and the bucket must show that it is there.
 * @returns how many are gone; what may not be read is not
 */
async function goneOf(keys: readonly string[], { store, gate, signal }: LostPiecesOptions): Promise<number> {
  await gate.run(() => store.checkBucket(signal), signal);
  let gone = 0;
  for (const key of keys) {
    try {
      const found = await gate.run(() => store.read(key, signal), signal);
      found?.body.destroy();
      if (!found) gone += 1;
    } catch (error) {
      if (!(error instanceof BackupError) || error.code !== "permission-denied") throw error;
    }
  }
  return gone;
}
