import type { KnownFile } from "../state/ledger/entry-map.ts";
import type { Candidate } from "./candidate.ts";
import { goneSinceOf } from "./lost-object.ts";

/**
 * The ledger knows this photo as it is now: no request and no read is spent on it. Where the file system keeps them, the
 * change time and the inode count too: a copy that stalled at its final size and time, or another file moved over this
 * one, shows in nothing else. An entry without them, an older one, is believed.
 */
export function isUnchanged(entry: KnownFile | undefined, candidate: Candidate): boolean {
  // Its object was lost: it is sent again.
  if (goneSinceOf(entry) !== undefined) return false;
  if (!entry || entry.size !== candidate.sizeBytes || entry.mtimeMs !== candidate.mtimeMs) return false;
  // What iCloud evicted has a new change time, and no bytes here that could be others.
  if (!candidate.folder.keepsIdentity || candidate.isInICloud) return true;
  const { ctimeMs = candidate.ctimeMs, inode = candidate.inode } = entry;
  return ctimeMs === candidate.ctimeMs && inode === candidate.inode;
}
