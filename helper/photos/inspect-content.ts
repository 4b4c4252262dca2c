import { byteSourceOf, type ByteSource } from "./byte-source.ts";
import { classifyFile, extensionOf } from "./photo-formats.ts";

/** `fine`, or the reason's code for which a file is not backed up unless the person says "anyway". */
export type ContentVerdict = "fine" | "empty-file" | "all-zeros";

const BLOCK_BYTES = 1024 * 1024;

/**
 * Whether a file holds anything worth keeping. Cheap for a good file: its first bytes settle it.
 * `content` is the whole file or a source of it (a mere head is taken as such and never called all zeros); `name` is
 * its name without the folder; `sizeBytes` the size of the whole file. Rejects only where the source does.
 */
export async function inspectContent(
  content: Uint8Array | ByteSource,
  name: string,
  sizeBytes: number,
): Promise<ContentVerdict> {
  if (sizeBytes === 0) return "empty-file";
  if (!hasSignature(name)) return "fine";
  return (await isAllZeros(byteSourceOf(content), sizeBytes)) ? "all-zeros" : "fine";
}

/** Formats whose first bytes are never zero. A .raw can be anything, even a sensor's black frame; sidecars are text. */
function hasSignature(name: string): boolean {
  const format = classifyFile(name);
  return format !== undefined && format.kind !== "sidecar" && extensionOf(name) !== "raw";
}

async function isAllZeros(source: ByteSource, sizeBytes: number): Promise<boolean> {
  let blockBytes = 4096;
  for (let offset = 0; offset < sizeBytes;) {
    const block = await source.readAt(offset, Math.min(blockBytes, sizeBytes - offset));
    if (block.length === 0 || !isZero(block)) return false;
    offset += block.length;
    blockBytes = BLOCK_BYTES;
  }
  return true;
}

function isZero(bytes: Uint8Array): boolean {
  // Byte by byte costs 1 ms a MiB, and only a file of zeros gets past the first few.
  for (const byte of bytes) if (byte !== 0) return false;
  return true;
}
