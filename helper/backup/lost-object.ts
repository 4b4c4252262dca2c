import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import type { BucketView } from "./bucket-view.ts";

/** Since when the object of this entry is known to be gone or to hold other bytes; undefined as long as it is not. */
export function goneSinceOf(entry: Pick<LedgerEntry, "goneSince"> | undefined): string | undefined {
  return typeof entry?.goneSince === "string" ? entry.goneSince : undefined;
}

/** Of the keys a photo may have, those that are not believed: its ledger entry knows, or some Mac's catalogue does. */
export function condemnedAmong(
  keys: readonly string[],
  entry: LedgerEntry | undefined,
  view: Pick<BucketView, "isChanged"> | undefined,
): string[] {
  const changed = changedKeysOf(entry);
  return keys.filter((key) => changed.includes(key) || view?.isChanged(key));
}

/**
 * Keys whose objects were found to hold other bytes than this photo's. They are never believed again, whatever their
 * HEAD says: a store that lost bits still answers with the checksum it noted when they were whole.
 */
export function changedKeysOf(entry: Pick<LedgerEntry, "changedKeys"> | undefined): string[] {
  if (!Array.isArray(entry?.changedKeys)) return [];
  return entry.changedKeys.filter((key): key is string => typeof key === "string");
}
