import type { BackupError } from "../state/errors/backup-error.ts";
import type { Failure } from "../state/files/failures.ts";
import { nextPhotoTryAt } from "./backoff.ts";
import type { Candidate } from "./candidate.ts";
import { withLeftBehind } from "./left-behind.ts";

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
  // Invariant 8: a file that fails in turns in two ways is not tried forever.
  const isSameTrouble = isSameCause || (earlier !== undefined && isSameFile(earlier, candidate));
  const attempts = (isSameTrouble ? (earlier?.attempts ?? 0) : 0) + 1;
  const leftBehind = withLeftBehind(earlier, error);
  const nextTryAt = error.reason.retry === "backoff" ? nextPhotoTryAt(attempts, now) : undefined;
  return {
    code: error.code,
    ...(error.detail ? { detail: error.detail } : {}),
    kind: deferringCodes.has(error.code) ? "deferred" : "failed",
    attempts,
    firstAt: isSameCause ? earlier.firstAt : at,
    lastAt: at,
    ...(nextTryAt ? { nextTryAt } : {}),
    ...identityOf(candidate),
    ...(leftBehind.length > 0 ? { leftBehind } : {}),
  };
}

/** Mended by what leaves a file's size and times alone (a permission, a newer version of us), and cheap to try. */
const alwaysTriedCodes = new Set<string>(["file-permission", "too-large"]);

/** Whether a photo that failed before is to be left alone for now: the file is the same and its time has not come. */
export function isStillHeldBack(failure: Failure | undefined, candidate: Candidate, now: number): failure is Failure {
  if (!failure || !isSameFile(failure, candidate) || alwaysTriedCodes.has(failure.code)) return false;
  // A download from iCloud changes neither size nor times.
  if (failure.code === "in-icloud") return candidate.isInICloud;
  if (failure.nextTryAt === undefined) return true;
  // Noted by a clock that was set back since: its time may be years ahead.
  return Date.parse(failure.lastAt) <= now && Date.parse(failure.nextTryAt) > now;
}

/** Which file was tried; its change time only where the file system keeps it. */
function identityOf(candidate: Candidate | undefined) {
  if (!candidate) return {};
  const { sizeBytes, mtimeMs, ctimeMs, folder } = candidate;
  return { sizeBytes, mtimeMs, ...(folder.keepsIdentity ? { ctimeMs } : {}) };
}

/** A copy that goes on under its old modification time shows in its change time alone. */
function isSameFile(failure: Failure, candidate: Candidate | undefined): boolean {
  if (!candidate || failure.sizeBytes !== candidate.sizeBytes || failure.mtimeMs !== candidate.mtimeMs) return false;
  const isComparable = candidate.folder.keepsIdentity && failure.ctimeMs !== undefined;
  return !isComparable || failure.ctimeMs === candidate.ctimeMs;
}
