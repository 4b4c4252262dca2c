import type { BucketView } from "../backup/bucket-view.ts";
import type { DestinationGate } from "../backup/destination-gate.ts";
import { ListingGuard } from "../backup/listing-guard.ts";
import type { ListedObject } from "../backup/object-listing.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { catalogueRoot, parseCatalogueKey } from "./catalogue-key.ts";
import type { CatalogueLine } from "./catalogue-line.ts";
import type { FoundPiece } from "./choose-pieces.ts";
import { ListedObjects } from "./listed-objects.ts";
import { readCatalogue } from "./read-catalogue.ts";

interface ViewOptions {
  store: ObjectStore;
  gate: DestinationGate;
  prefix: string;
  signal: AbortSignal;
  pendingPhotos: number;
  /** Entries of the ledger: at least so many objects are there to be listed. */
  recordedPhotos: number;
  onDamaged: (key: string) => void;
  /** Each line whose object the listing shows as it was noted; a later one about the same path stands for an earlier. */
  onLine?: (line: CatalogueLine) => void;
}

const keysAPage = 1_000;

/** A listing pays when it costs a tenth of the questions it spares. */
const sparesFor = 10;

/** About 270 bytes of memory each: beyond it a HEAD for each photo is slower, but holds nothing. */
const objectsMost = 300_000;

/**
 * Lists the whole prefix and reads every Mac's catalogue in it. What a catalogue says of a key counts only where the
 * listing shows the size and ETag it noted (invariant 1).
 * @returns undefined where asking for each key is cheaper, or where the bucket cannot be listed or a catalogue not read
 */
export async function openBucketView(options: ViewOptions): Promise<BucketView | undefined> {
  const { pendingPhotos, recordedPhotos } = options;
  const leastPages = 1 + Math.floor(recordedPhotos / keysAPage);
  if (pendingPhotos < leastPages * sparesFor) return undefined;
  try {
    const listed = await list(options);
    if (!listed) return undefined;
    await readCatalogues(listed, options);
    return viewOf(listed);
  } catch (error) {
    // Without the right to list or to read, or at a store that does not know how, a HEAD for each photo does it.
    if (error instanceof BackupError && ["permission-denied", "unknown"].includes(error.code)) return undefined;
    throw error;
  }
}

interface Listed {
  objects: ListedObjects;
  pieces: Map<string, FoundPiece[]>;
}

/** Undefined once it has turned out to be too long for what it spares. */
async function list({ store, gate, prefix, signal, pendingPhotos }: ViewOptions): Promise<Listed | undefined> {
  const listed: Listed = { objects: new ListedObjects(), pieces: new Map() };
  const below = prefix === "" ? "" : `${prefix}/`;
  const guard = new ListingGuard();
  let continuation: string | undefined;
  for (let page = 1; page === 1 || continuation; page += 1) {
    if (page > Math.max(1, pendingPhotos / 4)) return undefined;
    const after = continuation;
    const found = await gate.run(() => store.list(below, after, signal), signal);
    for (const object of found.objects) note(object, listed, prefix);
    if (listed.objects.size > objectsMost || !guard.leadsOn(found)) return undefined;
    continuation = found.continuation;
  }
  return listed;
}

function note({ key, sizeBytes, etag = "" }: ListedObject, { objects, pieces }: Listed, prefix: string): void {
  if (!key.startsWith(catalogueRoot(prefix))) return objects.add(key, sizeBytes, etag);
  const name = parseCatalogueKey(prefix, key);
  if (!name) return;
  const ofMac = pieces.get(name.macId) ?? [];
  ofMac.push({ key, name });
  pieces.set(name.macId, ofMac);
}

async function readCatalogues({ objects, pieces }: Listed, options: ViewOptions): Promise<void> {
  const { store, gate, signal, onLine } = options;
  const onDamaged = ({ key }: FoundPiece) => options.onDamaged(key);
  for (const ofMac of pieces.values()) {
    for await (const { line } of readCatalogue(ofMac, { store, gate, signal, onDamaged })) {
      const isConfirmed = objects.isConfirmed(line);
      // An object that the catalogue knows to be gone or changed is none to rely on.
      if (isConfirmed && line.sha256 && !line.goneSince) objects.noteContent(line, line.sha256);
      const previous = line.previous?.filter((version) => objects.isConfirmed(version));
      for (const { key, sha256 } of previous ?? []) if (sha256) objects.noteSha256(key, sha256);
      if (isConfirmed && onLine) onLine(previous ? { ...line, previous } : line);
    }
  }
}

function viewOf({ objects }: Listed): BucketView {
  return {
    find: (key) => objects.head(key) ?? "absent",
    findByContent: (sha256Hex) => objects.findByContent(sha256Hex),
  };
}
