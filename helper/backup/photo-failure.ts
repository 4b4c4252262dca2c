import type { BackupError } from "../state/errors/backup-error.ts";
import type { Failure } from "../state/files/failures.ts";
import { nextPhotoTryAt } from "./backoff.ts";
import type { Candidate } from "./candidate.ts";

/** Reasons that are no failure: the photo was left for later on purpose. */
const deferringCodes = new Set<string>(["in-icloud", "still-changing", "changed-while-reading"]);

interface Failed {
  error: BackupError;
  earlier: Failure | undefined;
  /** The file as it was tried; absent when not even that could be found out. */
  candidate: Candidate | undefined;
  now: number;
}

/** The record of a photo that could not be backed up: counts attempts and says when it is tried again. */
export function photoFailure({ error, earlier, candidate, now }: Failed): Failure {
  const at = new Date(now).toISOString();
  const isSameCause = earlier?.code === error.code;
  const attempts = (isSameCause ? earlier.attempts : 0) + 1;
  const nextTryAt = error.reason.retry === "backoff" ? nextPhotoTryAt(attempts, now) : undefined;
  return {
    code: error.code,
    ...(error.detail ? { detail: error.detail } : {}),
    kind: deferringCodes.has(error.code) ? "deferred" : "failed",
    attempts,
    firstAt: isSameCause ? earlier.firstAt : at,
    lastAt: at,
    ...(nextTryAt ? { nextTryAt } : {}),
    ...(candidate ? { sizeBytes: candidate.sizeBytes, mtimeMs: candidate.mtimeMs } : {}),
  };
}

/** Whether a photo that failed before is to be left alone for now: the file is the same and its time has not come. */
export function isStillHeldBack(failure: Failure | undefined, candidate: Candidate, now: number): failure is Failure {
  if (!failure) return false;
  const isSameFile = failure.sizeBytes === candidate.sizeBytes && failure.mtimeMs === candidate.mtimeMs;
  if (!isSameFile) return false;
  return failure.nextTryAt === undefined || Date.parse(failure.nextTryAt) > now;
}
