import type { StatePaths } from "../state-paths.ts";
import { readStateFile } from "./read-state-file.ts";
import { statusSchema, type Status } from "./status.ts";
import { writeFileAtomic } from "./write-file-atomic.ts";

/** Written only by the helper that holds `helper.lock`. Throws "disk-full" or "state-unwritable". */
export async function writeStatus(paths: StatePaths, status: Status): Promise<void> {
  await writeFileAtomic(paths.status, JSON.stringify(status, null, 2) + "\n");
}

/**
 * What the helper last said, to be believed only with `isHelperAlive`. Undefined where it never said anything or the
 * file cannot be read; the helper soon writes a new one. Throws "newer-schema" for a status of a newer helper.
 */
export async function readStatus(paths: StatePaths): Promise<Status | undefined> {
  const found = await readStateFile(paths.status, statusSchema, { version: 1, setAside: false });
  return found.kind === "read" ? found.value : undefined;
}
