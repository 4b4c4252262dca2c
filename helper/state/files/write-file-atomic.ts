import { dirname } from "node:path";
import { translateStateError } from "../errors/translate-state-error.ts";
import { syncFolder } from "./sync-folder.ts";
import { nodeAtomicFs, tempNameFor, writeTempFile, type AtomicFs } from "./write-temp-file.ts";

interface WriteFileAtomicOptions {
  /** Permissions of the new file, 0600 by default. */
  mode?: number;
  fs?: AtomicFs;
}

/**
 * Replaces the file at `path` as a whole: at any moment, also after kill -9 or a power cut, it is either the old or the
 * new one. Durable once the promise resolves.
 *
 * Rejects with "disk-full" or "state-unwritable"; the old file is then untouched and no temporary file is left. (Only an
 * error in the last sync of the folder comes after the new file is in place.)
 */
export async function writeFileAtomic(
  path: string,
  chunks: string | Iterable<string>,
  { mode = 0o600, fs = nodeAtomicFs }: WriteFileAtomicOptions = {},
): Promise<void> {
  const tempPath = tempNameFor(path);
  try {
    await writeTempFile(tempPath, chunks, { mode, fs });
    await renameOrRemove(tempPath, path, fs);
    await syncFolder(dirname(path), fs);
  } catch (error) {
    throw translateStateError(error, path);
  }
}

async function renameOrRemove(tempPath: string, path: string, fs: AtomicFs): Promise<void> {
  try {
    await fs.rename(tempPath, path);
  } catch (error) {
    await fs.unlink(tempPath).catch(() => undefined);
    throw error;
  }
}
