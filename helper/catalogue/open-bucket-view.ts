import type { BucketView } from "../backup/bucket-view.ts";
import type { DestinationGate } from "../backup/destination-gate.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { collectGarbage } from "./collect-garbage.ts";
import { CatalogueHistory } from "./catalogue-history.ts";
import { listPrefix, type ListedPrefix } from "./list-prefix.ts";
import { readCatalogues } from "./read-catalogues.ts";

interface ViewOptions {
  store: ObjectStore;
  gate: DestinationGate;
  prefix: string;
  signal: AbortSignal;
  pendingPhotos: number;
  /** Entries of the ledger: at least so many objects are there to be listed. */
  recordedPhotos: number;
  /** The ledger may have been lost: entries are completed by what the catalogue remembers. */
  isRebuilding: boolean;
  onDamaged: (key: string) => void;
  /** The catalogues say more than anybody's photos could; what is too much is left out. */
  onSurplus: () => void;
  /** Fewer, for tests. */
  most?: Partial<typeof viewMost>;
}

const keysAPage = 1_000;

/** A listing pays when it costs a tenth of the questions it spares. */
const sparesFor = 10;

/** What one view takes of all catalogues: a million photos with three earlier versions each are four million lines. */
const viewMost = { lines: 5_000_000, history: 1_000_000 };

/**
 * Lists the whole prefix and reads every Mac's catalogue in it. What a catalogue says of a key counts only where the
 * listing shows the size and ETag it noted (invariant 1).
 * @returns undefined where asking for each key is cheaper, or where the bucket cannot be listed or a catalogue not read
 */
export async function openBucketView(options: ViewOptions): Promise<BucketView | undefined> {
  const { store, gate, prefix, signal, pendingPhotos, recordedPhotos, isRebuilding, onDamaged, onSurplus } = options;
  const leastPages = 1 + Math.floor(recordedPhotos / keysAPage);
  if (pendingPhotos < leastPages * sparesFor) return undefined;
  const most = { ...viewMost, ...options.most };
  try {
    const pagesMost = Math.max(1, pendingPhotos / 4);
    const listed = await listPrefix({ store, gate, prefix, signal, pagesMost });
    if (!listed) return undefined;
    const history = isRebuilding ? new CatalogueHistory(most.history) : undefined;
    await readCatalogues(listed, { store, gate, signal, onDamaged, onSurplus, history, linesMost: most.lines });
    // Listings and pieces were taken apart by the megabyte, and the run goes on for hours.
    if (listed.isLong) collectGarbage();
    return viewOf(listed, history);
  } catch (error) {
    // Without the right to list or to read, or at a store that does not know how, a HEAD for each photo does it.
    if (error instanceof BackupError && ["permission-denied", "unknown"].includes(error.code)) return undefined;
    throw error;
  }
}

function viewOf({ objects }: ListedPrefix, history: CatalogueHistory | undefined): BucketView {
  return {
    find: (key) => objects.head(key) ?? "absent",
    isChanged: (key) => objects.isCondemned(key),
    findByContent: (sha256Hex) => objects.findByContent(sha256Hex),
    withHistory: (path, entry) => history?.complete(path, entry) ?? entry,
  };
}
