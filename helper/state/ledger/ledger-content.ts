import type { Failure } from "../files/failures.ts";
import type { PackedEntries } from "./packed-entries.ts";
import type { LedgerHead } from "./ledger-head.ts";
import type { JournalRecord } from "./journal-record.ts";

/** A ledger in memory: what the file on disk and the journal's records make together. */
export interface LedgerContent {
  head: LedgerHead;
  entries: PackedEntries;
  /** Outstanding failures, by path. They live in the journal only. */
  failures: Map<string, Failure>;
}

/**
 * What a journal record does. Every record sets what it names, whatever was there before: so records can be applied
 * again, in order, to a content that has some of them already, and lead to the same content. Folding relies on it.
 */
export function applyRecord({ head, entries, failures }: LedgerContent, record: JournalRecord): void {
  switch (record.op) {
    case "put":
      entries.set(record.path, record.entry);
      failures.delete(record.path);
      return;
    case "fail":
      failures.set(record.path, record.failure);
      return;
    case "clear-failure":
      failures.delete(record.path);
      return;
    case "missing":
      return setSince(entries, record.path, "missingSince", record.at);
    case "clear-missing":
      return setSince(entries, record.path, "missingSince", undefined);
    case "gone":
      return setSince(entries, record.path, "goneSince", record.at);
    case "clear-gone":
      return setSince(entries, record.path, "goneSince", undefined);
    case "last-backup":
      head.lastBackup = record.at;
  }
}

function setSince(
  entries: PackedEntries,
  path: string,
  field: "missingSince" | "goneSince",
  at: string | undefined,
): void {
  const entry = entries.get(path);
  if (!entry) return;
  const changed = { ...entry };
  if (at === undefined) delete changed[field];
  else changed[field] = at;
  entries.set(path, changed);
}
