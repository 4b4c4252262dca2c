import { asciiAt, viewOf, type ByteSource } from "../byte-source.ts";
import { WindowReader } from "./window-reader.ts";

/** Sizes near the end of the field stand for "not known", in recordings that were never finished among others. */
const knownBytesMost = 0xffff_0000;

const chunksMost = 65_536;

/** A still picture's data, one of several pictures, or a film's. */
const pictures: ReadonlySet<string> = new Set(["VP8 ", "VP8L", "ANMF", "LIST"]);

/**
 * A WebP or AVI that says to be longer than its file, and one of whose chunks is longer too, or that ends before its first
 * picture. The size alone proves nothing: some programs count the header or the last chunk's padding too. One that ends between
 * two chunks counts as whole.
 */
export async function isTruncatedRiff(source: ByteSource): Promise<boolean> {
  const reader = new WindowReader(source, 64);
  const contentBytes = viewOf(await reader.bytes(0, 12)).getUint32(4, true);
  if (contentBytes >= knownBytesMost || 8 + contentBytes <= source.sizeBytes + 1) return false;
  let hasPicture = false;
  let offset = 12;
  for (let count = 0; count < chunksMost; count += 1) {
    const head = await reader.bytes(offset, 8);
    if (head.length < 8) return !hasPicture;
    const chunkBytes = viewOf(head).getUint32(4, true);
    if (chunkBytes >= knownBytesMost) return false;
    // The padding of an odd chunk is no part of it.
    if (offset + 8 + chunkBytes > source.sizeBytes) return true;
    hasPicture ||= pictures.has(asciiAt(head, 0, 4));
    offset += 8 + chunkBytes + (chunkBytes % 2);
  }
  return false;
}
