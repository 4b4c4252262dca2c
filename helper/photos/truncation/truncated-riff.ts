import { viewOf, type ByteSource } from "../byte-source.ts";
import { WindowReader } from "./window-reader.ts";

/** Sizes near the end of the field stand for "not known", in recordings that were never finished among others. */
const knownBytesMost = 0xffff_0000;

/**
 * A WebP or AVI that says to be longer than its file. One byte less counts as whole: some programs count the padding of
 * the last chunk and do not write it.
 */
export async function isTruncatedRiff(source: ByteSource): Promise<boolean> {
  const head = await new WindowReader(source, 12).bytes(0, 12);
  const contentBytes = viewOf(head).getUint32(4, true);
  return contentBytes < knownBytesMost && 8 + contentBytes > source.sizeBytes + 1;
}
