import { byteSourceOf, type ByteSource } from "./byte-source.ts";
import { classifyFile, extensionOf, type PhotoKind } from "./photo-formats.ts";
import { isTruncated } from "./truncation/is-truncated.ts";

/** `fine`, or the reason's code for which a file is not backed up unless the person says "anyway". */
export type ContentVerdict = "fine" | "empty-file" | "all-zeros" | "truncated-file";

const BLOCK_BYTES = 1024 * 1024;

/**
 * Whether a file holds anything worth keeping. Cheap for a good file: its first bytes settle it.
 * `content` is the whole file or a source of it (a mere head is taken as such, never called all zeros or truncated); `name` is
 * its name without the folder; `sizeBytes` the size of the whole file. Rejects only where the source does.
 */
export async function inspectContent(
  content: Uint8Array | ByteSource,
  name: string,
  sizeBytes: number,
): Promise<ContentVerdict> {
  if (sizeBytes === 0) return "empty-file";
  const kind = kindWithSignature(name);
  if (!kind) return "fine";
  const source = byteSourceOf(content);
  if (await isAllZeros(source, sizeBytes)) return "all-zeros";
  if (source.sizeBytes !== sizeBytes) return "fine";
  return (await isTruncated(source, kind)) ? "truncated-file" : "fine";
}

/** Formats whose first bytes are never zero. A .raw can be anything, even a sensor's black frame; sidecars are text. */
function kindWithSignature(name: string): PhotoKind | undefined {
  const kind = classifyFile(name)?.kind;
  return kind === "sidecar" || extensionOf(name) === "raw" ? undefined : kind;
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
