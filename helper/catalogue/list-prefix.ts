import type { DestinationGate } from "../backup/destination-gate.ts";
import { ListingGuard } from "../backup/listing-guard.ts";
import type { ListedObject } from "../backup/object-listing.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import { catalogueRoot, parseCatalogueKey } from "./catalogue-key.ts";
import { collectGarbage } from "./collect-garbage.ts";
import type { FoundPiece } from "./choose-pieces.ts";
import { ListedObjects } from "./listed-objects.ts";

interface ListOptions {
  store: ObjectStore;
  gate: DestinationGate;
  prefix: string;
  signal: AbortSignal;
  pagesMost: number;
}

/** What lies under a prefix: objects, and the catalogues of every Mac. */
export interface ListedPrefix {
  objects: ListedObjects;
  pieces: Map<string, FoundPiece[]>;
  /** It left much garbage behind. */
  isLong: boolean;
}

/** About 270 bytes of memory each: beyond it a HEAD for each photo is slower, but holds nothing. */
const objectsMost = 300_000;

/** A piece an hour for twenty years, of one Mac. */
const piecesMost = 200_000;

/** A page of 1,000 keys leaves some 3 MB of garbage; a collection takes a fifth of the time of so many pages. */
const pagesBetweenCollections = 6;

/** Undefined once it has turned out to be too long. @throws BackupError where listing is refused */
export async function listPrefix(options: ListOptions): Promise<ListedPrefix | undefined> {
  const { store, gate, prefix, signal, pagesMost } = options;
  const listed: ListedPrefix = { objects: new ListedObjects(), pieces: new Map(), isLong: false };
  const below = prefix === "" ? "" : `${prefix}/`;
  const guard = new ListingGuard();
  let continuation: string | undefined;
  let pieces = 0;
  for (let page = 1; page === 1 || continuation; page += 1) {
    if (page > pagesMost) return undefined;
    const after = continuation;
    const found = await gate.run(() => store.list(below, after, signal), signal);
    for (const object of found.objects) pieces += note(object, listed, prefix);
    if (listed.objects.size > objectsMost || pieces > piecesMost || !guard.leadsOn(found)) return undefined;
    continuation = found.continuation;
    listed.isLong ||= page > pagesBetweenCollections;
    if (page % pagesBetweenCollections === 0 || (listed.isLong && !continuation)) collectGarbage();
  }
  return listed;
}

/** @returns how many pieces it is */
function note({ key, sizeBytes, etag = "" }: ListedObject, { objects, pieces }: ListedPrefix, prefix: string): number {
  if (!key.startsWith(catalogueRoot(prefix))) {
    objects.add(key, sizeBytes, etag);
    return 0;
  }
  const name = parseCatalogueKey(prefix, key);
  if (!name) return 0;
  const ofMac = pieces.get(name.macId) ?? [];
  ofMac.push({ key, name });
  pieces.set(name.macId, ofMac);
  return 1;
}
