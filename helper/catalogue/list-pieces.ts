import type { DestinationGate } from "../backup/destination-gate.ts";
import { ListingGuard } from "../backup/listing-guard.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { parseCatalogueKey } from "./catalogue-key.ts";
import type { FoundPiece } from "./choose-pieces.ts";

interface ListParts {
  store: ObjectStore;
  gate: DestinationGate;
  signal: AbortSignal;
}

/** A piece an hour for twenty years fits into them; a listing that goes on has no end. */
const pagesMost = 200;

/** Every piece below a key prefix. @throws BackupError where listing is refused, or has no end */
export async function listPieces(below: string, prefix: string, parts: ListParts): Promise<FoundPiece[]> {
  const found: FoundPiece[] = [];
  let continuation: string | undefined;
  const guard = new ListingGuard();
  let pages = 0;
  do {
    pages += 1;
    if (pages > pagesMost) throw endless();
    const after = continuation;
    const page = await parts.gate.run(() => parts.store.list(below, after, parts.signal), parts.signal);
    for (const { key } of page.objects) {
      const name = parseCatalogueKey(prefix, key);
      if (name) found.push({ key, name });
    }
    if (!guard.leadsOn(page)) throw endless();
    continuation = page.continuation;
  } while (continuation);
  return found;
}

function endless(): BackupError {
  return new BackupError("not-s3", { detail: "a listing of a catalogue without its end" });
}
