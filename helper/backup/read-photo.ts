import { createHash, hash } from "node:crypto";
import { fstatSync } from "node:fs";
import type { Readable } from "node:stream";
import { readCaptureTime } from "../photos/capture-time.ts";
import { inspectContent } from "../photos/inspect-content.ts";
import { classifyFile } from "../photos/photo-formats.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { isSameFile, type Candidate } from "./candidate.ts";
import type { FileSystem, OpenFile } from "./file-system.ts";
import { photoOpenFlags } from "./photo-open-flags.ts";
import { isInICloud } from "./settling.ts";
import { streamProvenBytes } from "./stream-proven-bytes.ts";
import { translatePhotoError } from "./translate-file-error.ts";
import { basename } from "node:path";

/** Files up to this size are read once, into memory; larger ones are hashed as a stream, then streamed. */
export const wholeReadBytesMost = 16 * 1024 * 1024;

/** Hashed at once: no longer than the socket of the body on the wire can go without being fed. */
const pieceBytes = 1024 * 1024;

/** A photo's content, read from a source that did not change meanwhile. */
export interface PhotoContent {
  sha256Hex: string;
  sizeBytes: number;
  contentType: string;
  takenAt?: string;
  body: Uint8Array | (() => Readable);
  /** Lower-case hex; computed only when an object without our metadata asks for it. */
  md5Hex(): Promise<string>;
}

export interface ReadOptions {
  fs: FileSystem;
  /** The person asked to back it up although it looks broken. */
  anyway: boolean;
  /** Whether these bytes are in the bucket already, for this photo or another: they were taken as they are. */
  isRecorded?: (content: { sha256Hex: string; sizeBytes: number }) => boolean;
  /** Memory to read the whole photo into; asked for only when it is small enough to be held. */
  allocate: (sizeBytes: number) => Buffer;
}

/**
 * Reads a photo once: bytes, SHA-256, type, capture time.
 * @throws BackupError `changed-while-reading` when it is not, before or after, what the scan saw; `empty-file`,
 * `all-zeros` and `truncated-file` unless `anyway`; else what the disk said
 */
export async function readPhoto(candidate: Candidate, options: ReadOptions): Promise<PhotoContent> {
  try {
    return await readOpened(candidate, options);
  } catch (error) {
    throw translatePhotoError(error);
  }
}

async function readOpened(
  candidate: Candidate,
  { fs, anyway, isRecorded, allocate }: ReadOptions,
): Promise<PhotoContent> {
  const file = await fs.open(candidate.path, photoOpenFlags, candidate.sizeBytes);
  try {
    assertOnDisk(file);
    assertSame(file, candidate, fs);
    const isSmall = candidate.sizeBytes <= wholeReadBytesMost;
    const content = isSmall ? await readWhole(file, candidate, allocate) : await hashStream(file, candidate, fs);
    const name = basename(candidate.path);
    const verdict = anyway ? "fine" : await inspectContent(content.source, name, candidate.sizeBytes);
    const known = { sha256Hex: content.sha256Hex, sizeBytes: candidate.sizeBytes };
    if (verdict !== "fine" && !isRecorded?.(known)) throw new BackupError(verdict);
    const format = classifyFile(name);
    const takenAt = format ? await readCaptureTime(content.source, format.kind) : undefined;
    assertSame(file, candidate, fs);
    return {
      sha256Hex: content.sha256Hex,
      sizeBytes: candidate.sizeBytes,
      contentType: format?.contentType ?? "application/octet-stream",
      ...(takenAt ? { takenAt } : {}),
      body: content.body,
      md5Hex: content.md5Hex,
    };
  } finally {
    await file.close();
  }
}

/** It may have been taken off the disk since the scan saw it: to read it would fetch it, and let everything wait. */
function assertOnDisk(file: OpenFile): void {
  if (isInICloud(fstatSync(file.fd))) throw new BackupError("in-icloud");
}

function assertSame(file: OpenFile, candidate: Candidate, fs: FileSystem): void {
  // At once: the file is open, and to hand so little to another thread costs more than it does.
  if (isSameFile(candidate, fstatSync(file.fd))) return;
  try {
    // Deleting or renaming an open file changes its change time too: then it is gone, not changed.
    fs.lstat(candidate.path);
  } catch (error) {
    throw translatePhotoError(error);
  }
  throw new BackupError("changed-while-reading");
}

async function readWhole(file: OpenFile, { sizeBytes }: Candidate, allocate: ReadOptions["allocate"]) {
  const bytes = allocate(sizeBytes);
  const isOnePiece = sizeBytes <= pieceBytes;
  const running = isOnePiece ? undefined : createHash("sha256");
  for (let filled = 0; filled < sizeBytes;) {
    const wantedBytes = Math.min(pieceBytes, sizeBytes - filled);
    const { bytesRead } = await file.read(bytes, filled, wantedBytes, filled);
    if (bytesRead === 0) throw new BackupError("changed-while-reading", { detail: "it ended early" });
    running?.update(bytes.subarray(filled, filled + bytesRead));
    filled += bytesRead;
  }
  return {
    sha256Hex: running?.digest("hex") ?? hash("sha256", bytes, "hex"),
    source: bytes,
    body: bytes,
    md5Hex: async () => hash("md5", bytes, "hex"),
  };
}

async function hashStream(file: OpenFile, candidate: Candidate, fs: FileSystem) {
  const sha256Hex = await digest(file, candidate.sizeBytes, "sha256");
  return {
    sha256Hex,
    source: {
      sizeBytes: candidate.sizeBytes,
      readAt: (offset: number, length: number) => readAt(file, offset, length),
    },
    body: () => streamProvenBytes(candidate, sha256Hex, fs),
    md5Hex: () => hashPhoto(candidate, fs, "md5"),
  };
}

/**
 * A photo's hash, in lower-case hex, from one reading of its own.
 * @throws as `readPhoto` does, or what the disk said, untranslated
 */
export async function hashPhoto(candidate: Candidate, fs: FileSystem, algorithm: "sha256" | "md5"): Promise<string> {
  const file = await fs.open(candidate.path, photoOpenFlags);
  try {
    assertOnDisk(file);
    assertSame(file, candidate, fs);
    const hex = await digest(file, candidate.sizeBytes, algorithm);
    assertSame(file, candidate, fs);
    return hex;
  } finally {
    await file.close();
  }
}

async function digest(file: OpenFile, sizeBytes: number, algorithm: "sha256" | "md5"): Promise<string> {
  const running = createHash(algorithm);
  let [piece, spare] = [Buffer.allocUnsafeSlow(pieceBytes), Buffer.allocUnsafeSlow(pieceBytes)];
  const readFrom = (into: Buffer, offset: number) =>
    file.read(into, 0, Math.min(pieceBytes, sizeBytes - offset), offset);
  let reading = sizeBytes > 0 ? readFrom(piece, 0) : undefined;
  for (let offset = 0; reading;) {
    const { bytesRead } = await reading;
    if (bytesRead === 0) throw new BackupError("changed-while-reading", { detail: "it ended early" });
    offset += bytesRead;
    // The disk reads the next piece while this one is hashed.
    reading = offset < sizeBytes ? readFrom(spare, offset) : undefined;
    running.update(piece.subarray(0, bytesRead));
    [piece, spare] = [spare, piece];
  }
  return running.digest("hex");
}

async function readAt(file: OpenFile, offset: number, length: number): Promise<Uint8Array> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, offset);
  return buffer.subarray(0, bytesRead);
}
