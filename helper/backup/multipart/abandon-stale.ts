import type { PhotoParts } from "../back-up-photo.ts";
import { isPresumedDeleted, type ScanResult } from "../mark-missing.ts";
import { abandonUpload, isAborted } from "./begin-upload.ts";
import type { UploadIntents } from "./upload-intent.ts";

interface Abandoning {
  scan: ScanResult;
  intents: UploadIntents;
  /** A run that asked the bucket for nothing does not ask it for this either. */
  hasAskedBucket: boolean;
  /** Called only when there is something to abort. */
  openParts: () => Promise<PhotoParts>;
}

/**
 * Aborts uploads begun for files that are no longer there, and those that could not be aborted before: nobody would ever
 * complete them, and stores charge for their parts.
 */
export async function abandonStale({ scan, intents, hasAskedBucket, openParts }: Abandoning): Promise<void> {
  const stale = intents.all().filter(({ path }) => isPresumedDeleted(path, scan));
  const left = hasAskedBucket ? intents.left() : [];
  if (stale.length === 0 && left.length === 0) return;
  const parts = await openParts();
  for (const intent of stale) await abandonUpload(intent, parts);
  for (const upload of left) {
    if (!(await isAborted(upload, parts))) return;
    await intents.clearLeft(upload.uploadId);
  }
}
