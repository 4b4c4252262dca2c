import type { PhotoParts } from "../back-up-photo.ts";
import { candidateOf } from "../candidate.ts";
import type { FileSystem } from "../file-system.ts";
import { isUnchanged } from "../is-unchanged.ts";
import type { LedgerPort } from "../ledger-port.ts";
import { isPresumedDeleted, type ScanResult } from "../mark-missing.ts";
import { abandonUpload, isAborted } from "./begin-upload.ts";
import type { UploadIntents } from "./upload-intent.ts";

interface Abandoning {
  scan: ScanResult;
  intents: UploadIntents;
  ledger: Pick<LedgerPort, "known">;
  fs: Pick<FileSystem, "lstat">;
  /** A run that asked the bucket for nothing does not ask it for this either. */
  hasAskedBucket: boolean;
  /** Called only when there is something to abort. */
  openParts: () => Promise<PhotoParts>;
}

/**
 * Aborts uploads begun for files that are no longer there or are backed up as they are now, under another key or as
 * another photo's object, and those that could not be aborted before: nobody would ever complete them, and stores charge
 * for their parts.
 */
export async function abandonStale(abandoning: Abandoning): Promise<void> {
  const { scan, intents, hasAskedBucket, openParts } = abandoning;
  const stale = intents.all().filter(({ path }) => isPresumedDeleted(path, scan) || isBackedUp(path, abandoning));
  const left = hasAskedBucket ? intents.left() : [];
  if (stale.length === 0 && left.length === 0) return;
  const parts = await openParts();
  for (const intent of stale) await abandonUpload(intent, parts);
  for (const upload of left) {
    // One that never may be aborted must not keep the others there.
    if (await isAborted(upload, parts)) await intents.clearLeft(upload.uploadId);
  }
}

function isBackedUp(path: string, { scan, ledger, fs }: Abandoning): boolean {
  const folder = scan.folders.find((scanned) => path.startsWith(`${scanned.path.replace(/\/$/, "")}/`));
  if (!folder) return false;
  try {
    return isUnchanged(ledger.known(path), candidateOf(path, folder, fs.lstat(path)));
  } catch {
    // Not readable now: what was begun for it may still be of use.
    return false;
  }
}
