import type { ZodType } from "zod";
import { BackupError } from "../errors/backup-error.ts";
import { readStateFile } from "./read-state-file.ts";

/**
 * Reads a file that only spares work or only shows: whatever keeps it from being read, it counts as not there, and stops
 * nothing. Throws "newer-schema" for the file of a newer helper.
 * @param onUnreadable told when something other than damaged content is in the way: it will be there again the next time
 */
export async function readCourtesyFile<T>(
  path: string,
  schema: ZodType<T>,
  onUnreadable: (error: BackupError) => void = () => undefined,
): Promise<T | undefined> {
  try {
    const found = await readStateFile(path, schema, { version: 1, setAside: false });
    return found.kind === "read" ? found.value : undefined;
  } catch (error) {
    if (!(error instanceof BackupError) || error.code === "newer-schema") throw error;
    onUnreadable(error);
    return undefined;
  }
}
