import { hash } from "node:crypto";
import type { DestinationGate } from "../backup/destination-gate.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import { catalogueLine } from "./catalogue-line.ts";
import { catalogueRoot } from "./catalogue-key.ts";
import { listPieces } from "./list-pieces.ts";
import { readCatalogue } from "./read-catalogue.ts";

interface Compared {
  store: ObjectStore;
  gate: DestinationGate;
  signal: AbortSignal;
  prefix: string;
  macId: string;
  ledger: { get(path: string): LedgerEntry | undefined; paths(): IterableIterator<string> };
  onDamaged: (key: string) => void;
}

/**
 * The paths whose entries our own catalogue does not have as they are now. Where it may not be listed or read, that is
 * all of them: sending a line twice does no harm.
 */
export async function findUncatalogued(compared: Compared): Promise<string[]> {
  const { store, gate, signal, prefix, macId, ledger } = compared;
  const covered = new Set<string>();
  try {
    const pieces = await listPieces(`${catalogueRoot(prefix)}${macId}/`, prefix, { store, gate, signal });
    const onDamaged = ({ key }: { key: string }) => compared.onDamaged(key);
    for await (const { line, text } of readCatalogue(pieces, { store, gate, signal, onDamaged })) {
      const entry = ledger.get(line.path);
      if (entry && catalogueLine(line.path, entry) === text) covered.add(shortNameOf(line.path));
      else covered.delete(shortNameOf(line.path));
    }
  } catch (error) {
    if (!(error instanceof BackupError) || error.code !== "permission-denied") throw error;
    covered.clear();
  }
  const missing: string[] = [];
  for (const path of ledger.paths()) if (!covered.has(shortNameOf(path))) missing.push(path);
  return missing;
}

/** A path in 24 characters: a million paths themselves would take twice the memory. */
function shortNameOf(path: string): string {
  return hash("md5", path, "base64");
}
