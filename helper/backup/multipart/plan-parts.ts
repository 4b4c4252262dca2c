import { BackupError } from "../../state/errors/backup-error.ts";

const mib = 1024 * 1024;
const gib = 1024 * mib;

export interface LargeFileLimits {
  /** Files above this size go in parts. */
  cutoffBytes: number;
  /** Size of a part, as long as the parts are not too many. S3 wants 5 MiB at least of all but the last. */
  partBytes: number;
  /** S3 takes 10,000. */
  partsMost: number;
}

export const largeFileLimits: LargeFileLimits = { cutoffBytes: 64 * mib, partBytes: 16 * mib, partsMost: 10_000 };

/** The largest object that S3 takes. */
export const objectBytesMost = 5 * 1024 ** 4;

/** The largest body that S3 takes in one request: a whole object or a part. */
const bodyBytesMost = 5 * gib;

/** Where a service's limits are narrower than S3's own; what is absent is as S3 has it. */
export interface StoreLimits {
  /** 0: it takes no uploads in parts. */
  partsMost?: number;
  /** False where `If-None-Match: *` is known, or feared, to be overlooked when an upload in parts is completed. */
  completesConditionally?: boolean;
}

/** The limits for large files at this service. Without uploads in parts everything goes whole, up to what one body may hold. */
export function limitsAt({ partsMost }: StoreLimits, limits: LargeFileLimits): LargeFileLimits {
  if (partsMost === undefined) return limits;
  if (partsMost === 0) return { ...limits, cutoffBytes: bodyBytesMost, partsMost };
  return { ...limits, partsMost: Math.min(partsMost, limits.partsMost) };
}

/**
 * Size of all parts of a file but the last: the usual one, or as many whole MiB as keep the parts few enough.
 * @throws BackupError `too-large` for a file that no such parts can hold
 */
export function partBytesFor(sizeBytes: number, { partBytes, partsMost }: LargeFileLimits): number {
  if (sizeBytes <= partBytes * partsMost) return partBytes;
  const neededBytes = Math.ceil(sizeBytes / partsMost / mib) * mib;
  if (neededBytes <= bodyBytesMost) return neededBytes;
  const parts = partsMost === 0 ? "no uploads in parts" : `${partsMost.toLocaleString("en-US")} parts at most`;
  throw new BackupError("too-large", { detail: `the service takes ${parts}` });
}

/** A part of a file: its number from 1 and where its bytes are. */
export interface PlannedPart {
  number: number;
  offsetBytes: number;
  sizeBytes: number;
}

export function planParts(sizeBytes: number, partBytes: number): PlannedPart[] {
  return Array.from({ length: Math.ceil(sizeBytes / partBytes) }, (_, index) => {
    const offsetBytes = index * partBytes;
    return { number: index + 1, offsetBytes, sizeBytes: Math.min(partBytes, sizeBytes - offsetBytes) };
  });
}
