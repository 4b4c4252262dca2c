import type { FileHandle } from "node:fs/promises";

const pieceSizeBytes = 1024 * 1024;

/** No line of ours comes near it; to keep a longer one would take all memory there is. */
const lineBytesMost = 64 * 1024 * 1024;

/**
 * Reads a file from its start and hands it on in pieces of whole lines, each with its newline. A piece is good until the
 * next one only.
 * @param take false once it has seen enough
 * @returns the file's size, and what stands behind its last newline; undefined when `take` gave up or a line is longer
 *   than any of ours
 */
export async function readWholeLines(
  file: FileHandle,
  take: (lines: Buffer) => boolean,
): Promise<{ sizeBytes: number; rest: Buffer } | undefined> {
  let buffer = Buffer.allocUnsafe(pieceSizeBytes);
  let kept = 0;
  let sizeBytes = 0;
  for (;;) {
    if (kept === buffer.length) {
      if (kept >= lineBytesMost) return undefined;
      buffer = Buffer.concat([buffer], buffer.length * 2);
    }
    const { bytesRead } = await file.read(buffer, kept, buffer.length - kept, sizeBytes);
    if (bytesRead === 0) return { sizeBytes, rest: buffer.subarray(0, kept) };
    sizeBytes += bytesRead;
    const filled = kept + bytesRead;
    const wholeEnd = buffer.subarray(0, filled).lastIndexOf(0x0a) + 1;
    if (wholeEnd > 0 && !take(buffer.subarray(0, wholeEnd))) return undefined;
    buffer.copyWithin(0, wholeEnd, filled);
    kept = filled - wholeEnd;
  }
}
