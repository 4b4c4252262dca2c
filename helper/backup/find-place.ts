import { BackupError } from "../state/errors/backup-error.ts";
import { relativePathOf, type Candidate } from "./candidate.ts";
import { objectKey } from "./object-key.ts";
import { compareContent, type Proof } from "./compare-content.ts";
import type { ObjectHead } from "./object-store.ts";
import type { PhotoContent } from "./read-photo.ts";

/** Where a photo goes, or where it already is. `taken` are the keys on the way that hold something else. */
export type Place =
  { kind: "free"; key: string; taken: string[] } | { kind: "there"; key: string; etag?: string; taken: string[] };

/**
 * The keys a photo may have, in order: its own; for a changed photo or a conflict with 8 hex digits of its sha256;
 * were even that taken, with the whole hash.
 */
export function wantedKeys(candidate: Candidate, photo: PhotoContent, prefix: string): string[] {
  const place = { prefix, label: candidate.folder.label, relativePath: relativePathOf(candidate) };
  const suffixes = ["", `.${photo.sha256Hex.slice(0, 8)}`, `.${photo.sha256Hex}`];
  return suffixes.map((suffix) => objectKey({ ...place, suffix }));
}

/**
 * Asks the bucket, key by key, until one is free or holds this very photo. Invariant 3: nothing is ever replaced.
 * @throws BackupError `unconfirmed-upload` where an object bears this photo's mark and nothing proves it
 */
export async function findPlace(
  keys: string[],
  photo: PhotoContent,
  head: (key: string) => Promise<ObjectHead | undefined>,
  proof: Proof,
): Promise<Place> {
  const taken: string[] = [];
  for (const key of keys) {
    const found = await head(key);
    if (!found) return { kind: "free", key, taken };
    const comparison = await compareContent(found, photo, proof);
    if (comparison === "same") return { kind: "there", key, taken, ...(found.etag ? { etag: found.etag } : {}) };
    // Most likely our own: under a further key the store could not prove it any better.
    if (comparison === "unproven") throw new BackupError("unconfirmed-upload", { detail: `no proof of ${key}` });
    taken.push(key);
  }
  throw new BackupError("unknown", { detail: `every key for it holds something else, the last one ${keys.at(-1)}` });
}
