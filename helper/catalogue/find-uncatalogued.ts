import { hash } from "node:crypto";
import type { DestinationGate } from "../backup/destination-gate.ts";
import { changedKeysOf } from "../backup/lost-object.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import { catalogueLine, type CatalogueLine } from "./catalogue-line.ts";
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

interface Uncatalogued {
  /**
   * Whose entries our own catalogue does not have as they are now. Where it may not be listed or read, that is all of
   * them: sending a line twice does no harm.
   */
  paths: string[];
  /** It tells of paths or objects that the ledger has never heard of: the ledger was lost, or an older one put back. */
  knowsMore: boolean;
}

/** Reads our own pieces back and compares them with the ledger. */
export async function findUncatalogued(compared: Compared): Promise<Uncatalogued> {
  const { store, gate, signal, prefix, macId, ledger } = compared;
  const covered = new Set<string>();
  const unheardOf = new Set<string>();
  try {
    const pieces = await listPieces(`${catalogueRoot(prefix)}${macId}/`, prefix, { store, gate, signal });
    const onDamaged = ({ key }: { key: string }) => compared.onDamaged(key);
    for await (const { line, text } of readCatalogue(pieces, { store, gate, signal, onDamaged })) {
      const entry = ledger.get(line.path);
      const name = shortNameOf(line.path);
      const isCovered = entry !== undefined && catalogueLine(line.path, entry) === text;
      if (isCovered) covered.add(name);
      else covered.delete(name);
      if (isCovered || isKnown(line, entry)) unheardOf.delete(name);
      else unheardOf.add(name);
    }
  } catch (error) {
    if (!(error instanceof BackupError) || error.code !== "permission-denied") throw error;
    covered.clear();
  }
  const paths: string[] = [];
  for (const path of ledger.paths()) if (!covered.has(shortNameOf(path))) paths.push(path);
  return { paths, knowsMore: unheardOf.size > 0 };
}

/** Every object of the line is one of the entry's. Those that were lost need not be: an entry forgets them. */
function isKnown({ key, goneSince, previous = [] }: CatalogueLine, entry: LedgerEntry | undefined): boolean {
  if (!entry) return false;
  const keys = new Set([entry.s3Key, ...changedKeysOf(entry), ...(entry.previous ?? []).map(({ s3Key }) => s3Key)]);
  return (goneSince !== undefined || keys.has(key)) && previous.every((version) => keys.has(version.key));
}

/** A path in 24 characters: a million paths themselves would take twice the memory. */
function shortNameOf(path: string): string {
  return hash("md5", path, "base64");
}
