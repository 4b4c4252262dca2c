import { join } from "node:path";
import type { StatePaths } from "../state-paths.ts";
import { catalogueStateSchema, type CatalogueState } from "./catalogue-state.ts";
import { destinationId } from "./destination-id.ts";
import type { Destination } from "./destination.ts";
import { readStateFile } from "./read-state-file.ts";
import { writeFileAtomic } from "./write-file-atomic.ts";

function fileOf(paths: StatePaths, destination: Destination): string {
  return join(paths.cataloguesDir, `${destinationId(destination)}.json`);
}

/**
 * For the holder of `helper.lock` only. Undefined where there is none or it was damaged and set aside: a new catalogue
 * is begun then, with all there is. Throws "newer-schema" or "state-unwritable".
 */
export async function readCatalogueState(
  paths: StatePaths,
  destination: Destination,
): Promise<CatalogueState | undefined> {
  const found = await readStateFile(fileOf(paths, destination), catalogueStateSchema, { version: 1 });
  return found.kind === "read" ? found.value : undefined;
}

/** For whoever holds no lock: changes nothing. Undefined where there is none that can be read. Throws "newer-schema". */
export async function peekCatalogueState(
  paths: StatePaths,
  destination: Destination,
): Promise<CatalogueState | undefined> {
  const options = { version: 1, setAside: false } as const;
  const found = await readStateFile(fileOf(paths, destination), catalogueStateSchema, options);
  return found.kind === "read" ? found.value : undefined;
}

/** Durable once it resolves. Throws "disk-full" or "state-unwritable". */
export async function writeCatalogueState(
  paths: StatePaths,
  destination: Destination,
  state: CatalogueState,
): Promise<void> {
  await writeFileAtomic(fileOf(paths, destination), JSON.stringify(state, null, 2) + "\n");
}
