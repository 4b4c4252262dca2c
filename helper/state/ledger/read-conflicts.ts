import { systemErrorCode, translateStateError } from "../errors/translate-state-error.ts";
import type { LedgerEntry } from "../files/ledger-entry.ts";
import { openOwnFile } from "../files/open-own-file.ts";
import { readWholeLines } from "../files/read-whole-lines.ts";
import type { StatePaths } from "../state-paths.ts";
import { ledgerFilesInUse } from "./ledger-files.ts";
import { readJournal } from "./read-journal.ts";
import { readLedgerFile } from "./read-ledger-file.ts";

/** A photo that was kept beside something else which had its name. */
export interface ResolvedConflict {
  path: string;
  /** Where the photo is. */
  s3Key: string;
  /** What it wanted to be called, and something else is. */
  conflictsWith: string[];
}

const newline = Buffer.from("\n");
const mark = '"conflictsWith":';

/**
 * Every resolved conflict on record, in the ledger's order. Reads the ledger as a stream and parses only lines that have
 * one, so that it costs little memory; safe beside a running helper. Throws "newer-schema" or "state-unwritable".
 */
export async function readConflicts(paths: StatePaths): Promise<ResolvedConflict[]> {
  const { ledger, journal } = ledgerFilesInUse(paths);
  // The journal first: a fold in between leaves in the ledger what the journal said.
  const recent = await readJournal(journal);
  const conflicts = (await conflictsInLines(ledger)) ?? (await conflictsInWhole(ledger));
  if (recent.kind === "read") {
    for (const record of recent.records) if (record.op === "put") note(conflicts, record.path, record.entry);
  }
  return [...conflicts.values()];
}

/** Undefined for a ledger that is not laid out as ours are. */
async function conflictsInLines(ledger: string): Promise<Map<string, ResolvedConflict> | undefined> {
  const conflicts = new Map<string, ResolvedConflict>();
  try {
    const file = await openOwnFile(ledger);
    try {
      const lines = await readWholeLines(file, (lines) => noteLines(conflicts, lines));
      return lines && noteLines(conflicts, Buffer.concat([lines.rest, newline])) ? conflicts : undefined;
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return conflicts;
    throw translateStateError(error, ledger);
  }
}

/** False where a line is none of ours. */
function noteLines(conflicts: Map<string, ResolvedConflict>, lines: Buffer): boolean {
  try {
    for (const line of markedLines(lines)) {
      for (const [path, entry] of Object.entries(JSON.parse(`{${line}}`))) note(conflicts, path, entry as LedgerEntry);
    }
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function* markedLines(lines: Buffer): Generator<string> {
  for (let at = lines.indexOf(mark); at >= 0;) {
    const start = lines.lastIndexOf(0x0a, at) + 1;
    const end = lines.indexOf(0x0a, at);
    yield lines.toString("utf8", start, end).replace(/,$/, "");
    at = lines.indexOf(mark, end);
  }
}

async function conflictsInWhole(ledger: string): Promise<Map<string, ResolvedConflict>> {
  const conflicts = new Map<string, ResolvedConflict>();
  const found = await readLedgerFile(ledger);
  if (found.kind === "read") for (const [path, entry] of found.entries) note(conflicts, path, entry);
  return conflicts;
}

function note(conflicts: Map<string, ResolvedConflict>, path: string, { s3Key, conflictsWith }: LedgerEntry): void {
  if (conflictsWith && conflictsWith.length > 0) conflicts.set(path, { path, s3Key, conflictsWith });
  else conflicts.delete(path);
}
