import type { BackupError } from "../state/errors/backup-error.ts";
import { counted } from "./counted.ts";

/** What becomes of the photos that were in a bucket which is gone. */
export function missingBucketWords(error: BackupError, recorded: number): string {
  if (error.code !== "bucket-missing" || recorded === 0) return "";
  const photos = `${counted(recorded, "photo")} ${recorded === 1 ? "is" : "are"}`;
  return `${photos} on record as backed up there. If the bucket was deleted, create it: the next \`backup\` looks for all of them and sends again what is gone.\n`;
}
