import { systemErrorCode } from "../errors/translate-state-error.ts";
import { nodeAtomicFs, type AtomicFs } from "./write-temp-file.ts";

/** Some network file systems cannot sync a folder; the rename itself is all they offer. */
const cannotSyncCodes = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP", "EISDIR"]);

/** Makes the names in a folder durable: without it a power cut can undo a rename. */
export async function syncFolder(folderPath: string, fs: AtomicFs = nodeAtomicFs): Promise<void> {
  const handle = await fs.open(folderPath, "r");
  try {
    await handle.sync();
  } catch (error) {
    if (!cannotSyncCodes.has(systemErrorCode(error) ?? "")) throw error;
  } finally {
    await handle.close();
  }
}
