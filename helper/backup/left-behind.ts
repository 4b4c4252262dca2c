import { BackupError } from "../state/errors/backup-error.ts";
import type { ReasonCode } from "../state/errors/reasons.ts";
import type { Failure } from "../state/files/failures.ts";

/** A whole object of a photo that changed before it could be recorded: an earlier version of it, not somebody else's. */
export type LeftBehind = {
  s3Key: string;
  size: number;
  sha256: string;
  uploadedAt: string;
};

/** More than a photo leaves behind unless it is rewritten all day. */
const leftBehindMost = 16;

/** The photo is in the bucket as it was read, but may not be recorded as it is now. */
export class UnrecordedUpload extends BackupError {
  readonly leftBehind: LeftBehind;

  constructor(code: ReasonCode, leftBehind: LeftBehind, options: { detail?: string; cause?: unknown } = {}) {
    super(code, options);
    this.leftBehind = leftBehind;
  }
}

/** What attempts before this one left behind, from the photo's failure. */
export function leftBehindOf(failure: Failure | undefined): LeftBehind[] {
  return Array.isArray(failure?.leftBehind) ? failure.leftBehind.filter(isLeftBehind) : [];
}

/** The same with what this error left behind, the newest last. */
export function withLeftBehind(failure: Failure | undefined, error: BackupError): LeftBehind[] {
  const known = leftBehindOf(failure);
  if (!(error instanceof UnrecordedUpload)) return known;
  const { leftBehind } = error;
  return [...known.filter(({ s3Key }) => s3Key !== leftBehind.s3Key), leftBehind].slice(-leftBehindMost);
}

function isLeftBehind(value: unknown): value is LeftBehind {
  if (typeof value !== "object" || value === null) return false;
  const { s3Key, size, sha256, uploadedAt } = value as Record<string, unknown>;
  const isText = [s3Key, sha256, uploadedAt].every((text) => typeof text === "string");
  return isText && Number.isSafeInteger(size);
}
