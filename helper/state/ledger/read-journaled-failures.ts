import type { Failure } from "../files/failures.ts";
import type { StatePaths } from "../state-paths.ts";
import { ledgerFilesInUse } from "./ledger-files.ts";
import { readJournal } from "./read-journal.ts";

/**
 * Every photo that failed or was left for later, from the journal alone: it starts with them, so the ledger need not be
 * read. Safe beside a running helper, whose half-written last line is passed over.
 */
export async function readJournaledFailures(paths: StatePaths): Promise<[string, Failure][]> {
  const journal = await readJournal(ledgerFilesInUse(paths).journal);
  if (journal.kind !== "read") return [];
  const failures = new Map<string, Failure>();
  for (const record of journal.records) {
    if (record.op === "fail") failures.set(record.path, record.failure);
    else if (record.op === "put" || record.op === "clear-failure") failures.delete(record.path);
  }
  return [...failures];
}
