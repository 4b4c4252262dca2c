import { changedKeysOf, goneSinceOf } from "../backup/lost-object.ts";
import type { LedgerEntry } from "../state/files/ledger-entry.ts";

/** One object that the ledger says is in the bucket. */
export interface ExpectedObject {
  key: string;
  sizeBytes: number;
  /** As the store gave it when the object was proved, without quotes. */
  etag?: string;
  /** 64 hex digits. */
  sha256?: string;
  /** The photos it holds: more than one where duplicates share it. */
  paths: string[];
  /** Its bytes are not the photo's: only its ETag can be compared. */
  isEncrypted: boolean;
  /** Only as an earlier version of its photo. */
  isEarlier: boolean;
  /** Known to hold other bytes, whatever a listing says. */
  isCondemned: boolean;
  /** Known to be gone: were it back, its HEAD must say so, a listing is not enough. */
  wasGone: boolean;
}

/** Every object that these entries name, earlier versions too, by key. */
export function expectedObjects(entries: Iterable<[string, LedgerEntry]>): Map<string, ExpectedObject> {
  const expected = new Map<string, ExpectedObject>();
  for (const [path, entry] of entries) {
    const changedKeys = changedKeysOf(entry);
    const isEncrypted = entry.encryption !== undefined;
    add(expected, path, {
      ...objectOf(entry, isEncrypted),
      isEarlier: false,
      isCondemned: changedKeys.includes(entry.s3Key),
      wasGone: goneSinceOf(entry) !== undefined,
    });
    for (const version of entry.previous ?? []) {
      const isCondemned = changedKeys.includes(version.s3Key);
      add(expected, path, { ...objectOf(version, isEncrypted), isEarlier: true, isCondemned, wasGone: false });
    }
  }
  return expected;
}

/** Every key that some entry names, as its photo's or as that of an earlier version. */
export function keysOf(entries: Iterable<[string, LedgerEntry]>): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const [, { s3Key, previous = [] }] of entries) {
    keys.add(s3Key);
    for (const version of previous) keys.add(version.s3Key);
  }
  return keys;
}

/** The entries of these photos, built one at a time: all at once they take half a kilobyte each. */
export function* entriesWhere(
  entries: Iterable<[string, LedgerEntry]>,
  isChosen: (path: string) => boolean,
): Generator<[string, LedgerEntry]> {
  for (const entry of entries) if (isChosen(entry[0])) yield entry;
}

function objectOf(
  version: { s3Key: string; size: number; sha256?: string | undefined; etag?: unknown },
  isEncrypted: boolean,
) {
  const { s3Key, size, sha256, etag } = version;
  return {
    key: s3Key,
    sizeBytes: size,
    isEncrypted,
    ...(sha256 && !isEncrypted ? { sha256 } : {}),
    ...(typeof etag === "string" ? { etag } : {}),
  };
}

function add(expected: Map<string, ExpectedObject>, path: string, object: Omit<ExpectedObject, "paths">): void {
  const known = expected.get(object.key);
  if (!known) return void expected.set(object.key, { ...object, paths: [path] });
  known.paths.push(path);
  // The photo as it is now matters more than what it once was.
  if (known.isEarlier && !object.isEarlier) expected.set(object.key, { ...object, paths: known.paths });
}
