import type { DestinationGate } from "../backup/destination-gate.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import { asIncomplete, findLostPieces, type FoundCatalogue } from "../catalogue/find-lost-pieces.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { peekCatalogueState, readCatalogueState, writeCatalogueState } from "../state/files/catalogue-store.ts";
import type { Destination } from "../state/files/destination.ts";
import { writeRequest } from "../state/files/request-store.ts";
import { acquireLock } from "../state/lock/acquire-lock.ts";
import type { CliContext } from "./cli-context.ts";

interface Asking {
  store: ObjectStore;
  gate: DestinationGate;
  signal: AbortSignal;
}

/**
 * Looks whether our own catalogue is in the bucket still, and sees to it that it is stored anew where it is not: by the
 * next run, or, where a helper runs and it is its own, by asking that to look for itself.
 * @returns undefined where there is none yet, or the bucket does not tell
 * @throws BackupError what keeps the bucket from being asked
 */
export async function lookAtCatalogue(
  destination: Destination,
  asking: Asking,
  { paths }: Pick<CliContext, "paths">,
): Promise<FoundCatalogue | undefined> {
  const state = await peekCatalogueState(paths, destination);
  if (!state) return undefined;
  const found = await findLostPieces({ ...asking, prefix: destination.prefix, state });
  if (!found || found.missing === 0) return found;
  const lock = await acquireLock(paths.helperLock).catch((error: unknown) => {
    if (error instanceof BackupError && error.code === "another-helper-runs") return undefined;
    throw error;
  });
  if (!lock) {
    await writeRequest(paths, { kind: "verify" });
    return found;
  }
  try {
    const now = await readCatalogueState(paths, destination);
    // Another id has another catalogue: this one is nothing to it.
    if (now?.macId === state.macId) await writeCatalogueState(paths, destination, { ...now, ...asIncomplete });
  } finally {
    await lock.release();
  }
  return found;
}
