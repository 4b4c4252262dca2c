import type { BucketView } from "../backup/bucket-view.ts";
import type { DestinationGate } from "../backup/destination-gate.ts";
import type { ListedObject } from "../backup/object-listing.ts";
import type { ObjectHead, ObjectStore } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { catalogueRoot, parseCatalogueKey } from "./catalogue-key.ts";
import type { CatalogueLine, CatalogueVersion } from "./catalogue-line.ts";
import type { FoundPiece } from "./choose-pieces.ts";
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

/** About 1 kB of memory each: beyond it a HEAD for each photo is slower, but holds nothing. */
const objectsMost = 300_000;

interface Known {
  sizeBytes: number;
  etag: string;
  sha256?: string;
}

/**
 * Lists the whole prefix and reads every Mac's catalogue in it. What a catalogue says of a key counts only where the
 * listing shows the size and ETag it noted (invariant 1).
 * @returns undefined where asking for each key is cheaper, or listing is refused
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
    // Without the right to list or to read, a HEAD for each photo does it.
    if (error instanceof BackupError && error.code === "permission-denied") return undefined;
    throw error;
  }
}

interface Listed {
  objects: Map<string, Known>;
  pieces: Map<string, FoundPiece[]>;
  byContent: Map<string, { path: string; key: string; uploadedAt: string }>;
}

/** Undefined once it has turned out to be too long for what it spares. */
async function list({ store, gate, prefix, signal, pendingPhotos }: ViewOptions): Promise<Listed | undefined> {
  const listed: Listed = { objects: new Map(), pieces: new Map(), byContent: new Map() };
  const below = prefix === "" ? "" : `${prefix}/`;
  let continuation: string | undefined;
  for (let page = 1; page === 1 || continuation; page += 1) {
    if (page > Math.max(1, pendingPhotos / 4)) return undefined;
    const after = continuation;
    const found = await gate.run(() => store.list(below, after, signal), signal);
    for (const object of found.objects) note(object, listed, prefix);
    if (listed.objects.size > objectsMost) return undefined;
    continuation = found.continuation;
  }
  return listed;
}

function note({ key, sizeBytes, etag = "" }: ListedObject, { objects, pieces }: Listed, prefix: string): void {
  if (!key.startsWith(catalogueRoot(prefix))) return void objects.set(key, { sizeBytes, etag });
  const name = parseCatalogueKey(prefix, key);
  if (!name) return;
  const ofMac = pieces.get(name.macId) ?? [];
  ofMac.push({ key, name });
  pieces.set(name.macId, ofMac);
}

async function readCatalogues(listed: Listed, options: ViewOptions): Promise<void> {
  const { store, gate, signal, onLine } = options;
  const onDamaged = ({ key }: FoundPiece) => options.onDamaged(key);
  for (const pieces of listed.pieces.values()) {
    for await (const { line } of readCatalogue(pieces, { store, gate, signal, onDamaged })) {
      const known = confirmed(line, listed.objects);
      // An object that the catalogue knows to be gone or changed is none to rely on.
      if (known && line.sha256 && !line.goneSince) {
        known.sha256 = line.sha256;
        listed.byContent.set(line.sha256, { path: line.path, key: line.key, uploadedAt: line.uploadedAt });
      }
      for (const version of line.previous ?? []) noteVersion(version, listed.objects);
      if (known && onLine)
        onLine({ ...line, previous: (line.previous ?? []).filter((it) => confirmed(it, listed.objects)) });
    }
  }
}

function noteVersion(version: CatalogueVersion, objects: Map<string, Known>): void {
  const known = confirmed(version, objects);
  if (known && version.sha256) known.sha256 = version.sha256;
}

/** The object, where it still is the one that was noted. */
function confirmed({ key, size, etag }: CatalogueVersion, objects: Map<string, Known>): Known | undefined {
  const known = objects.get(key);
  return known && etag !== undefined && known.etag === etag && known.sizeBytes === size ? known : undefined;
}

function viewOf({ objects, byContent }: Listed): BucketView {
  return {
    find: (key) => {
      const known = objects.get(key);
      return known ? headOf(known) : "absent";
    },
    findByContent: (sha256Hex) => {
      const found = byContent.get(sha256Hex);
      const known = found && objects.get(found.key);
      if (!found || known?.sha256 !== sha256Hex) return undefined;
      return { ...found, etag: known.etag, sizeBytes: known.sizeBytes };
    },
  };
}

/** A listing does not tell how an object is encrypted, so its ETag is taken for what it looks like. */
function headOf({ sizeBytes, etag, sha256 }: Known): ObjectHead {
  return { sizeBytes, etag, etagIsOpaque: false, ...(sha256 ? { sha256 } : {}) };
}
