import { createHash } from "node:crypto";
import type { ConditionalWrites, ObjectStore, ObjectUpload } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";

/** The same bytes for everybody and always: whatever becomes of the condition, this object cannot be harmed. */
export const probeContent = Buffer.from(
  "Photolala writes this object to see what this bucket can do. It may be deleted.\n",
);

export const probeContentSha256 = createHash("sha256").update(probeContent).digest("hex");

/** The checksum of other bytes, with which a store that looks must refuse the probe's. */
export const otherContentSha256Base64 = createHash("sha256").update("other bytes than were sent").digest("base64");

/** Beside the photos and never among them. One key a storage class: finding it proves that the class was accepted. */
export function probeKey(prefix: string, storageClass?: string): string {
  const name = storageClass && storageClass !== "STANDARD" ? `probe-${storageClass.toLowerCase()}` : "probe";
  return `${prefix ? `${prefix}/` : ""}.photolala/${name}`;
}

/**
 * Writes the probe object with `If-None-Match: *`, twice where it was not there yet, and tells from the answers what the
 * store makes of the condition. Needs no permission to delete and never touches another object. Whatever the answers say,
 * they count only where the object then is there: who merely says yes, or no, to everything has shown nothing.
 * @throws BackupError what the store said, `storage-class-refused` for one; `not-s3` where nothing was kept
 */
export async function probeConditionalWrites(
  store: Pick<ObjectStore, "put" | "head" | "conditionalWrites">,
  key: string,
  signal?: AbortSignal,
): Promise<ConditionalWrites> {
  const first = await store.put(probeUpload(key), signal);
  // A store that refused the condition was asked by HEAD, and says so itself.
  const hasShown = first.kind === "key-taken" || store.conditionalWrites === "refused";
  try {
    const second = hasShown ? first : await store.put(probeUpload(key), signal);
    if (!(await isThere(store, key, signal)))
      throw new BackupError("not-s3", { detail: "what was written to it is not there" });
    return second.kind === "key-taken" || store.conditionalWrites === "refused" ? store.conditionalWrites : "ignored";
  } catch (error) {
    // A taken key was learned of at once, and has shown nothing now.
    store.conditionalWrites = "unknown";
    throw error;
  }
}

async function isThere(store: Pick<ObjectStore, "head">, key: string, signal: AbortSignal | undefined) {
  try {
    const found = await store.head(key, signal);
    return found?.sizeBytes === probeContent.length;
  } catch (error) {
    // A key that may only write cannot look, and no backup goes on with it.
    if (error instanceof BackupError && error.code === "permission-denied") return true;
    throw error;
  }
}

/** The probe object as an upload. */
export function probeUpload(key: string): ObjectUpload {
  return {
    key,
    body: probeContent,
    sizeBytes: probeContent.length,
    sha256Hex: probeContentSha256,
    contentType: "text/plain",
    metadata: {},
  };
}
