import { createHash } from "node:crypto";
import type { ObjectUpload, PutOutcome } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { hexToBase64 } from "./hex-to-base64.ts";

interface PutAnswer {
  ETag?: string;
  ChecksumSHA256?: string;
  ServerSideEncryption?: string;
}

/**
 * Whether a 200 proves that the store holds our bytes: by the SHA-256 it computed, else by an ETag that is their MD5.
 * Any other answer is `unconfirmed`, for a HEAD to decide.
 * @throws BackupError `checksum-mismatch` when the store's own SHA-256 is another
 */
export function confirmPut(answer: PutAnswer, upload: ObjectUpload): PutOutcome {
  const etag = answer.ETag?.replaceAll('"', "");
  const stored = { kind: "stored", ...(etag ? { etag } : {}) } as const;
  if (answer.ChecksumSHA256) {
    if (answer.ChecksumSHA256 === hexToBase64(upload.sha256Hex)) return stored;
    throw new BackupError("checksum-mismatch", { detail: "the service's own SHA-256 differs" });
  }
  if (upload.body instanceof Uint8Array && etag?.toLowerCase() === md5HexOf(upload.body)) return stored;
  return { ...stored, kind: "unconfirmed" };
}

function md5HexOf(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}
