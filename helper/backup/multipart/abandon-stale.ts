import type { PhotoParts } from "../back-up-photo.ts";
import { isPresumedDeleted, type ScanResult } from "../mark-missing.ts";
import { abandonUpload } from "./begin-upload.ts";
import type { UploadIntents } from "./upload-intent.ts";

/**
 * Aborts uploads begun for files that are no longer there: nobody would ever complete them, and stores charge for parts.
 * @param openParts is called only when there are any
 */
export async function abandonStale(
  scan: ScanResult,
  intents: UploadIntents,
  openParts: () => Promise<PhotoParts>,
): Promise<void> {
  const stale = intents.all().filter(({ path }) => isPresumedDeleted(path, scan));
  if (stale.length === 0) return;
  const parts = await openParts();
  for (const intent of stale) await abandonUpload(intent, parts);
}
