import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import type { Candidate } from "./candidate.ts";
import type { KnownObject } from "./known-contents.ts";
import type { LeftBehind } from "./left-behind.ts";
import { changedKeysOf, goneSinceOf } from "./lost-object.ts";
import type { PhotoContent } from "./read-photo.ts";

interface Proven {
  candidate: Candidate;
  photo: PhotoContent;
  /** Where the bytes were proved to be. */
  place: { key: string; etag?: string; sent: boolean; taken: string[] };
  /** The recorded photo whose object it shares. */
  original: KnownObject | undefined;
  old: LedgerEntry | undefined;
  /** What earlier attempts put there before the photo changed under their hands. */
  leftBehind: LeftBehind[];
  /** Keys of its own that are not believed any more. */
  condemned: readonly string[];
  now: number;
}

/** The ledger's entry for a proven photo; an edit keeps the older version's key in `previous` (invariant 4). */
export function ledgerEntryFor(proven: Proven): LedgerEntry {
  const { candidate, photo, place, original, old, leftBehind, condemned, now } = proven;
  const previous = [...earlierVersions(old, place.key), ...unrecordedVersions(leftBehind, old, place.key)];
  const conflictsWith = foreignKeys(place, old, previous);
  const changedKeys = [...new Set([...changedKeysOf(old), ...condemned])];
  // Touched or moved back, but never sent again: when and how it came there stays true.
  const known = !place.sent && old?.s3Key === place.key && old.sha256 === photo.sha256Hex ? old : undefined;
  return {
    uploadedAt: known?.uploadedAt ?? original?.uploadedAt ?? new Date(now).toISOString(),
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
    ...(conflictsWith.length > 0 ? { conflictsWith } : {}),
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

/** They are whole, and were this photo for a while: versions like those that an edit replaces. */
function unrecordedVersions(leftBehind: LeftBehind[], old: LedgerEntry | undefined, key: string): LeftBehind[] {
  const known = new Set([key, old?.s3Key, ...(old?.previous ?? []).map((version) => version.s3Key)]);
  return leftBehind.filter(({ s3Key }) => !known.has(s3Key));
}

/** Keys that hold another version of this very photo are history, not conflict. A conflict once seen stays on record. */
function foreignKeys(
  { key: ownKey, taken }: Proven["place"],
  old: LedgerEntry | undefined,
  previous: NonNullable<LedgerEntry["previous"]>,
): string[] {
  const own = new Set([old?.s3Key, ...previous.map((version) => version.s3Key)]);
  const known = (old?.conflictsWith ?? []).filter((key) => key !== ownKey);
  return [...new Set([...known, ...taken.filter((key) => !own.has(key))])];
}
