import { BackupError } from "../state/errors/backup-error.ts";
import { candidateOf, type Candidate } from "./candidate.ts";
import { CandidateQueue } from "./candidate-queue.ts";
import type { Clock } from "./clock.ts";
import type { FileSystem } from "./file-system.ts";
import { settleMs, staysSame } from "./settling.ts";
import { translatePhotoError } from "./translate-file-error.ts";

interface SettleParts {
  fs: FileSystem;
  clock: Clock;
  stopping: AbortSignal;
  onDeferred(candidate: Candidate, error: BackupError): void;
}

/** A file that keeps changing is looked at this often before it is left for the next run. */
const looksMost = 4;

/**
 * Waits until files that were written a moment ago stay the same for `settleMs`, watching sizes and times.
 * @returns the settled ones, as they are now; the others are deferred
 */
export async function settlePhotos(unsettled: Candidate[], parts: SettleParts): Promise<CandidateQueue> {
  const settled: Candidate[] = [];
  let watched = unsettled;
  for (let look = 1; look <= looksMost && watched.length > 0; look += 1) {
    await parts.clock.sleep(settleMs, parts.stopping);
    watched = lookAgain(watched, settled, parts);
  }
  for (const candidate of watched) parts.onDeferred(candidate, new BackupError("still-changing"));
  return new CandidateQueue(settled);
}

/** @returns those that changed since the last look, as they are now */
function lookAgain(watched: Candidate[], settled: Candidate[], parts: SettleParts): Candidate[] {
  const changed: Candidate[] = [];
  for (const candidate of watched) {
    try {
      const stats = parts.fs.lstat(candidate.path);
      if (staysSame(candidate, stats)) settled.push(candidate);
      else
        changed.push({ ...candidateOf(candidate.path, candidate.folder, stats), countedBytes: candidate.countedBytes });
    } catch (error) {
      parts.onDeferred(candidate, translatePhotoError(error));
    }
  }
  return changed;
}
