import { isUtf8 } from "node:buffer";
import { readFile, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { BackupError } from "../errors/backup-error.ts";
import { systemErrorCode, translateStateError } from "../errors/translate-state-error.ts";
import { openOwnFile } from "../files/open-own-file.ts";
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

const pieceSizeBytes = 1024 * 1024;

/**
 * Reads a ledger and changes nothing: as a stream of lines where it is as we wrote it, as plain JSON where a person or
 * another program has rewritten it. Throws "newer-schema" or "state-unwritable".
 */
export async function readLedgerFile(path: string): Promise<FoundLedger> {
  try {
    return (await readAsLines(path)) ?? (await readAsJson(path));
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return { kind: "absent" };
    throw translateStateError(error, path);
  }
}

/** Undefined for a file that is not laid out as ours are, or holds something that does not fit. */
async function readAsLines(path: string): Promise<ReadLedger | undefined> {
  const file = await openOwnFile(path);
  try {
    return await readPieces(file);
  } finally {
    await file.close();
  }
}

async function readPieces(file: FileHandle): Promise<ReadLedger | undefined> {
  const reader = new LedgerLineReader();
  let buffer = Buffer.allocUnsafe(pieceSizeBytes);
  let kept = 0;
  let sizeBytes = 0;
  for (;;) {
    if (kept === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
    const { bytesRead } = await file.read(buffer, kept, buffer.length - kept);
    if (bytesRead === 0) break;
    sizeBytes += bytesRead;
    const filled = kept + bytesRead;
    const wholeEnd = buffer.subarray(0, filled).lastIndexOf(0x0a) + 1;
    const lines = buffer.subarray(0, wholeEnd);
    if (!isUtf8(lines) || !reader.read(lines)) return undefined;
    buffer.copyWithin(0, wholeEnd, filled);
    kept = filled - wholeEnd;
  }
  const content = kept === 0 ? reader.finish() : undefined;
  return content && { kind: "read", ...content, sizeBytes };
}

async function readAsJson(path: string): Promise<FoundLedger> {
  const bytes = await readFile(path);
  const content = parseJson(bytes);
  refuseNewer(content, bytes, path);
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

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** A newer version's ledger may not even be JSON as we know it: its first field is enough to leave it alone. */
function refuseNewer(content: unknown, bytes: Buffer, path: string): void {
  const start = /^\s*\{\s*"version"\s*:\s*(\d+)/.exec(bytes.toString("latin1", 0, 200));
  const version = isObject(content) ? content.version : Number(start?.[1] ?? 0);
  if (typeof version === "number" && version > ledgerVersion) {
    throw new BackupError("newer-schema", { detail: basename(path) });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
