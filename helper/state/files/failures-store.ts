import type { StatePaths } from "../state-paths.ts";
import { failuresFileSchema, type FailuresFile } from "./failures.ts";
import { readStateFile } from "./read-state-file.ts";
import { writeFileAtomic } from "./write-file-atomic.ts";

/** Written only by the helper that holds `helper.lock`. Throws "disk-full" or "state-unwritable". */
export async function writeFailures(paths: StatePaths, file: FailuresFile): Promise<void> {
  await writeFileAtomic(paths.failures, JSON.stringify(file, null, 2) + "\n");
}

/** Undefined where there is none or it cannot be read; the helper soon writes a new one. Throws "newer-schema". */
export async function readFailures(paths: StatePaths): Promise<FailuresFile | undefined> {
  const found = await readStateFile(paths.failures, failuresFileSchema, { version: 1, setAside: false });
  return found.kind === "read" ? found.value : undefined;
}
