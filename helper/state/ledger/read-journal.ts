import { isUtf8 } from "node:buffer";
import { basename } from "node:path";
import { BackupError } from "../errors/backup-error.ts";
import { systemErrorCode, translateStateError } from "../errors/translate-state-error.ts";
import { openOwnFile } from "../files/open-own-file.ts";
import {
  changesEntry,
  journalHeaderSchema,
  journalRecordSchema,
  type JournalHeader,
  type JournalRecord,
} from "./journal-record.ts";

export interface ReadJournal {
  kind: "read";
  header: JournalHeader;
  records: JournalRecord[];
  /** Up to the end of the last whole line; what comes after was being written when its process died. */
  wholeSizeBytes: number;
  /** Up to the end of the failures that follow the header: what a fold would leave, so nothing that needs folding. */
  startSizeBytes: number;
  /** Up to the end of the last record that changes an entry, or that cannot be read and may do so; 0 where none does. */
  changedSizeBytes: number;
  /** Whole lines that make no sense: damage, since a line is written by one call. */
  damagedLines: number;
}

/** "absent": no file, or one whose process died while it wrote the first line. "damaged": the first line makes no sense. */
export type FoundJournal = { kind: "absent" } | { kind: "damaged" } | ReadJournal;

/** A fold comes long before; to read something larger would take all memory there is. */
const sizeBytesMost = 512 * 1024 * 1024;

/** How every journal begins; of its first line there may be no more. */
const firstBytes = Buffer.from('{"version":');
const firstLineBytesMost = 64 * 1024;

/** Reads a journal and changes nothing. Throws "newer-schema" or "state-unwritable". */
export async function readJournal(path: string): Promise<FoundJournal> {
  const bytes = await readBytes(path);
  if (!bytes) return { kind: "damaged" };
  const wholeSizeBytes = bytes.lastIndexOf(0x0a) + 1;
  if (wholeSizeBytes === 0) return { kind: isTornFirstLine(bytes) ? "absent" : "damaged" };

  const lines = splitLines(bytes.subarray(0, wholeSizeBytes));
  const first = parseLine(lines[0]);
  refuseNewer(first, path);
  const header = journalHeaderSchema.safeParse(first);
  if (!header.success) return { kind: "damaged" };

  return { kind: "read", header: header.data, wholeSizeBytes, ...readRecords(lines) };
}

function readRecords(
  lines: Buffer[],
): Pick<ReadJournal, "records" | "startSizeBytes" | "changedSizeBytes" | "damagedLines"> {
  const records: JournalRecord[] = [];
  let startSizeBytes = (lines[0]?.length ?? 0) + 1;
  let sizeBytes = startSizeBytes;
  let changedSizeBytes = 0;
  let atStart = true;
  for (const line of lines.slice(1)) {
    sizeBytes += line.length + 1;
    const record = journalRecordSchema.safeParse(parseLine(line));
    if (!record.success || changesEntry(record.data)) changedSizeBytes = sizeBytes;
    if (!record.success) continue;
    atStart &&= record.data.op === "fail";
    if (atStart) startSizeBytes += line.length + 1;
    records.push(record.data);
  }
  return { records, startSizeBytes, changedSizeBytes, damagedLines: lines.length - 1 - records.length };
}

/** Undefined for what is too large to be one of ours. */
async function readBytes(path: string): Promise<Buffer | undefined> {
  try {
    const file = await openOwnFile(path);
    try {
      return (await file.stat()).size > sizeBytesMost ? undefined : await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    if (systemErrorCode(error) === "ENOENT") return Buffer.alloc(0);
    throw translateStateError(error, path);
  }
}

function isTornFirstLine(bytes: Buffer): boolean {
  const length = Math.min(bytes.length, firstBytes.length);
  return bytes.length <= firstLineBytesMost && bytes.compare(firstBytes, 0, length, 0, length) === 0;
}

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = bytes.indexOf(0x0a, start);
    lines.push(bytes.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

function parseLine(line: Buffer | undefined): unknown {
  if (!line || !isUtf8(line)) return undefined;
  try {
    return JSON.parse(line.toString("utf8"));
  } catch {
    return undefined;
  }
}

function refuseNewer(first: unknown, path: string): void {
  if (typeof first !== "object" || first === null || !("version" in first)) return;
  if (typeof first.version === "number" && first.version > 1) {
    throw new BackupError("newer-schema", { detail: basename(path) });
  }
}
