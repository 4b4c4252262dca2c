import { isUtf8 } from "node:buffer";
import type { FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { BackupError } from "../errors/backup-error.ts";
import { systemErrorCode, translateStateError } from "../errors/translate-state-error.ts";
import { openOwnFile } from "../files/open-own-file.ts";
import { readWholeLines } from "../files/read-whole-lines.ts";
import { checkEntry } from "./check-entry.ts";
import { ledgerHeadSchema, ledgerVersion, type LedgerHead } from "./ledger-head.ts";
import { LedgerLineReader } from "./ledger-line-reader.ts";
import { PackedEntries } from "./packed-entries.ts";

export interface ReadLedger {
  kind: "read";
  head: LedgerHead;
  entries: PackedEntries;
  sizeBytes: number;
}

export type FoundLedger = { kind: "absent" } | { kind: "corrupt" } | ReadLedger;

const newline = Buffer.from("\n");

/** What is smaller is parsed whatever it is: it costs little. */
const parsedAnywayBytes = 32 * 1024 * 1024;

/** No text of more bytes can be parsed at once. */
const parsedMostBytes = 500 * 1024 * 1024;

/** How a ledger begins, whoever laid it out. */
const ledgerBeginning = /^(?:\xef\xbb\xbf)?\s*\{\s*"(?:version|generation|destination|lastBackup|files)"\s*:/;

/**
 * Reads a ledger and changes nothing: as a stream of lines where it is as we wrote it, as plain JSON where a person or
 * another program has rewritten it. Throws "newer-schema" or "state-unwritable".
 */
export async function readLedgerFile(path: string): Promise<FoundLedger> {
  try {
    const file = await openOwnFile(path);
    try {
      return await readOpened(file, path);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return { kind: "absent" };
    throw translateStateError(error, path);
  }
}

async function readOpened(file: FileHandle, path: string): Promise<FoundLedger> {
  const reader = new LedgerLineReader();
  const take = (lines: Buffer) => isUtf8(lines) && reader.read(lines);
  const lines = await readWholeLines(file, take);
  // An editor may have taken the last newline away.
  if (lines && (lines.rest.length === 0 || take(Buffer.concat([lines.rest, newline])))) {
    const content = reader.finish();
    if (content) return { kind: "read", ...content, sizeBytes: lines.sizeBytes };
  }
  const size = (await file.stat()).size;
  const beginning = (await readStart(file, Math.min(size, 4096))).toString("latin1");
  refuseNewer(versionIn(beginning), path);
  const isTorn = lines !== undefined && reader.endsAmidEntries;
  const isWorthIt = size <= parsedMostBytes && !isTorn && ledgerBeginning.test(beginning);
  if (size > parsedAnywayBytes && !isWorthIt) return { kind: "corrupt" };
  return readAsJson(await readStart(file, size), path);
}

function readAsJson(bytes: Buffer, path: string): FoundLedger {
  const content = parseJson(bytes);
  refuseNewer(isObject(content) ? content.version : undefined, path);
  const head = ledgerHeadSchema.safeParse(content);
  if (!head.success || !isObject(head.data.files)) return { kind: "corrupt" };

  const entries = new PackedEntries();
  for (const [filePath, entry] of Object.entries(head.data.files)) {
    if (!checkEntry(entry)) return { kind: "corrupt" };
    entries.set(filePath, entry);
  }
  delete head.data.files;
  return { kind: "read", head: head.data, entries, sizeBytes: bytes.length };
}

/** The first bytes, fewer where there are no more. */
async function readStart(file: FileHandle, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  let have = 0;
  while (have < length) {
    const { bytesRead } = await file.read(bytes, have, length - have, have);
    if (bytesRead === 0) break;
    have += bytesRead;
  }
  return bytes.subarray(0, have);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** A newer version's ledger may not even be JSON as we know it: its first field is enough to leave it alone. */
function versionIn(beginning: string): number {
  return Number(/^\s*\{\s*"version"\s*:\s*(\d+)/.exec(beginning)?.[1] ?? 0);
}

function refuseNewer(version: unknown, path: string): void {
  if (typeof version === "number" && version > ledgerVersion) {
    throw new BackupError("newer-schema", { detail: basename(path) });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
