import { BackupError } from "../state/errors/backup-error.ts";
import type { Destination } from "../state/files/destination.ts";
import { storageClassSchema, type StorageClass } from "../state/files/storage-class.ts";

/** A destination's storage class as PutObject and CreateMultipartUpload take it. @throws BackupError for one that is none */
export function storageClassOf({ storageClass }: Destination): { StorageClass?: StorageClass } {
  if (storageClass === undefined) return {};
  const known = storageClassSchema.safeParse(storageClass);
  if (known.success) return { StorageClass: known.data };
  throw new BackupError("storage-class-refused", { detail: "the settings name one that no backup uses" });
}
