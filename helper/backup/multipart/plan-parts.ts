const mib = 1024 * 1024;

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

/** Size of all parts of a file but the last: the usual one, or as many whole MiB as keep the parts few enough. */
export function partBytesFor(sizeBytes: number, { partBytes, partsMost }: LargeFileLimits): number {
  if (sizeBytes <= partBytes * partsMost) return partBytes;
  return Math.ceil(sizeBytes / partsMost / mib) * mib;
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
