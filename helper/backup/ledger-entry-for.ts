import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import type { Candidate } from "./candidate.ts";
import { changedKeysOf, goneSinceOf } from "./lost-object.ts";
import type { PhotoContent } from "./read-photo.ts";

interface Proven {
  candidate: Candidate;
  photo: PhotoContent;
  /** Where the bytes were proved to be. */
  place: { key: string; etag?: string; sent: boolean };
  old: LedgerEntry | undefined;
  now: number;
}

/** The ledger's entry for a proven photo; an edit keeps the older version's key in `previous` (invariant 4). */
export function ledgerEntryFor({ candidate, photo, place, old, now }: Proven): LedgerEntry {
  const previous = earlierVersions(old, place.key);
  const changedKeys = changedKeysOf(old);
  // Touched or moved back, but never sent again: when and how it came there stays true.
  const known = !place.sent && old?.s3Key === place.key && old.sha256 === photo.sha256Hex ? old : undefined;
  return {
    uploadedAt: known?.uploadedAt ?? new Date(now).toISOString(),
    size: photo.sizeBytes,
    s3Key: place.key,
    mtimeMs: candidate.mtimeMs,
    ctimeMs: candidate.ctimeMs,
    inode: candidate.inode,
    sha256: photo.sha256Hex,
    ...(place.etag ? { etag: place.etag } : {}),
    ...(photo.takenAt ? { takenAt: photo.takenAt } : {}),
    proof: place.sent ? "uploaded" : (known?.proof ?? "found"),
    ...(previous.length > 0 ? { previous } : {}),
    ...(changedKeys.length > 0 ? { changedKeys } : {}),
  };
}

function earlierVersions(old: LedgerEntry | undefined, key: string): NonNullable<LedgerEntry["previous"]> {
  if (!old) return [];
  // What was lost is no version that anybody could get back.
  if (goneSinceOf(old) !== undefined) return (old.previous ?? []).filter((version) => version.s3Key !== key);
  const { s3Key, size, uploadedAt, sha256, mtimeMs, etag } = old;
  const replaced = {
    s3Key,
    size,
    uploadedAt,
    ...(sha256 ? { sha256 } : {}),
    ...(mtimeMs === undefined ? {} : { mtimeMs }),
    ...(etag ? { etag } : {}),
  };
  return [...(old.previous ?? []), replaced].filter((version) => version.s3Key !== key);
}
