import type { LedgerEntry } from "../files/ledger-entry.ts";
import type { LedgerHead } from "./ledger-head.ts";

/**
 * `backup-state.json` as we write it: plain JSON, one field of the head and one entry a line, so that it can be read and
 * written as a stream. JSON.stringify escapes newlines, so an entry never takes two lines.
 */
export function* ledgerLines(head: LedgerHead, entries: Iterable<[string, LedgerEntry]>): Generator<string> {
  yield "{\n";
  for (const [name, value] of Object.entries(head)) {
    if (value !== undefined && name !== "files") yield `${JSON.stringify(name)}: ${JSON.stringify(value)},\n`;
  }
  yield '"files": {';
  let separator = "\n";
  for (const [path, entry] of entries) {
    yield `${separator}${JSON.stringify(path)}: ${JSON.stringify(entry)}`;
    separator = ",\n";
  }
  yield "\n}\n}\n";
}
