import type { BackupError } from "../state/errors/backup-error.ts";
import { counted } from "./counted.ts";

/** A bucket that is made anew is empty, and only `verify` sees that: the ledger still has every photo that was in the old one. */
export function missingBucketWords(error: BackupError, recorded: number): string {
  if (error.code !== "bucket-missing" || recorded === 0) return "";
  const photos = `${counted(recorded, "photo")} ${recorded === 1 ? "is" : "are"}`;
  return `${photos} on record as backed up there. If the bucket was deleted, create it, then run \`verify\` before \`backup\`: it finds what is gone.\n`;
}
