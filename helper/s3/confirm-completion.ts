import { createHash } from "node:crypto";
import type { Completion, CompletionRequest } from "../backup/multipart/multipart-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";

export interface CompletionAnswer {
  ETag?: string;
  ChecksumSHA256?: string;
}

/**
 * Whether the answer to a completion proves that the store joined our parts: its SHA-256 over the parts' SHA-256s, "-"
 * and their number. Every part was confirmed before. Any other answer is `unconfirmed`, for a HEAD to decide. Where it is
 * another, the answer may have been damaged and not the object: the store is asked once more.
 * @param askAgain what a HEAD says
 * @throws BackupError `checksum-mismatch` when it is still another
 */
export async function confirmCompletion(
  answer: CompletionAnswer,
  { parts }: CompletionRequest,
  askAgain: () => Promise<CompletionAnswer>,
): Promise<Completion> {
  const etag = answer.ETag?.replaceAll('"', "");
  const stored = { kind: "stored", ...(etag ? { etag } : {}) } as const;
  const expected = checksumOfChecksums(parts.map((part) => part.storeSha256));
  const digest = digestOf(answer);
  if (digest === undefined || expected === undefined) return { ...stored, kind: "unconfirmed" };
  if (digest === expected || digestOf(await askAgain()) === expected) return stored;
  throw new BackupError("checksum-mismatch", { detail: "the service's own SHA-256 of the whole differs" });
}

function checksumOfChecksums(partsSha256: (string | undefined)[]): string | undefined {
  const all = createHash("sha256");
  for (const sha256 of partsSha256) {
    if (sha256 === undefined) return undefined;
    all.update(Buffer.from(sha256, "hex"));
  }
  return all.digest("base64");
}

function digestOf({ ChecksumSHA256 }: CompletionAnswer): string | undefined {
  return ChecksumSHA256?.split("-")[0];
}
