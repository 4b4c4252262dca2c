import type { DestinationGate } from "../backup/destination-gate.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import { parseCatalogueKey } from "./catalogue-key.ts";
import type { FoundPiece } from "./choose-pieces.ts";

interface ListParts {
  store: ObjectStore;
  gate: DestinationGate;
  signal: AbortSignal;
}

/** Every piece below a key prefix. @throws BackupError where listing is refused */
export async function listPieces(below: string, prefix: string, parts: ListParts): Promise<FoundPiece[]> {
  const found: FoundPiece[] = [];
  let continuation: string | undefined;
  do {
    const after = continuation;
    const page = await parts.gate.run(() => parts.store.list(below, after, parts.signal), parts.signal);
    for (const { key } of page.objects) {
      const name = parseCatalogueKey(prefix, key);
      if (name) found.push({ key, name });
    }
    continuation = page.continuation;
  } while (continuation);
  return found;
}
