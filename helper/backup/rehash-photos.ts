import type { BackupError } from "../state/errors/backup-error.ts";
import type { Candidate } from "./candidate.ts";
import { CandidateQueue } from "./candidate-queue.ts";
import type { FileSystem } from "./file-system.ts";
import type { LedgerPort } from "./ledger-port.ts";
import { hashPhoto } from "./read-photo.ts";
import { translatePhotoError } from "./translate-file-error.ts";

interface RehashParts {
  fs: FileSystem;
  ledger: LedgerPort;
  stopping: AbortSignal;
  onSame(candidate: Candidate): void;
  onFailed(candidate: Candidate, error: BackupError): void;
}

/**
 * Reads photos again that look unchanged, and compares their bytes with the ledger's sha256. Needs no request: what the
 * store confirmed of the same bytes stays true.
 * @returns those with other bytes under the same size and time, or whose hash nobody noted: the bucket must decide
 */
export async function rehashPhotos(candidates: CandidateQueue, parts: RehashParts): Promise<CandidateQueue> {
  const others = new CandidateQueue();
  for (let candidate = candidates.take(); candidate; candidate = candidates.take()) {
    parts.stopping.throwIfAborted();
    try {
      if (await hasSameBytes(candidate, parts)) parts.onSame(candidate);
      else others.push(candidate);
    } catch (error) {
      parts.onFailed(candidate, translatePhotoError(error));
    }
  }
  return others;
}

async function hasSameBytes(candidate: Candidate, { fs, ledger }: RehashParts): Promise<boolean> {
  const { path, ctimeMs, inode } = candidate;
  const entry = ledger.get(path);
  if (entry?.sha256 === undefined || (await hashPhoto(candidate, fs, "sha256")) !== entry.sha256) return false;
  if (entry.ctimeMs !== ctimeMs || entry.inode !== inode) ledger.put(path, { ...entry, ctimeMs, inode });
  return true;
}
