import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { StatePaths } from "../../../helper/state/state-paths.ts";
import { filesUnder } from "../state/temp-state.ts";

/** What these tests look at of a ledger entry. */
export interface SeenEntry {
  size: number;
  s3Key: string;
  sha256?: string;
  missingSince?: string;
  previous?: { s3Key: string; size: number; sha256?: string }[];
}

interface SeenLedger {
  lastBackup: string | null;
  destination: { bucket: string };
  files: Record<string, SeenEntry>;
}

interface Line {
  op?: string;
  path?: string;
  at?: string;
  generation?: number;
  entry?: SeenEntry;
}

/**
 * The entries of the ledger in use as any reader would find them: plain JSON.parse and the journal's lines, with none of
 * the helper's own code, so that a mistake there is not made twice.
 */
export function readLedger(paths: StatePaths): Map<string, SeenEntry> {
  const ledger = readJson<SeenLedger & { generation: number }>(paths.ledger);
  const entries = new Map(Object.entries(ledger?.files ?? {}));
  for (const file of [paths.journal, `${paths.journal}.next`]) {
    const lines = readLines(file);
    if ((lines[0]?.generation ?? -1) < (ledger?.generation ?? 0)) continue;
    for (const line of lines) if (line.op === "put" && line.path && line.entry) entries.set(line.path, line.entry);
  }
  return entries;
}

export function readJson<T>(path: string): T | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as T) : undefined;
}

/** A journal's whole lines; only what comes after the last line break may be torn, by a kill. @throws for any other */
function readLines(path: string): Line[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
  return lines.map((line) => JSON.parse(line) as Line);
}

/** Names of state files that are not whole: JSON that doesn't parse, or journals with a damaged line. */
export function tornFiles(paths: StatePaths): string[] {
  if (!existsSync(paths.stateDir)) return [];
  return filesUnder(paths.stateDir).filter((name) => {
    const text = readFileSync(join(paths.stateDir, name), "utf8");
    if (name.endsWith(".tmp")) return false;
    if (name.endsWith(".json")) return !parses(text);
    const isJournal = name.endsWith(".jsonl") || name.endsWith(".jsonl.next");
    return isJournal && !text.split("\n").slice(0, -1).every(parses);
  });
}

/** What a kill may leave and the next run must sweep: temporary files, locks, files set aside. */
export function leftovers(paths: StatePaths): string[] {
  return readdirSync(paths.stateDir).filter((name) => /\.tmp$|\.lock|\.corrupt-|\.next$/.test(name));
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
