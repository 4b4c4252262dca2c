import { viewOf, type ByteSource } from "../byte-source.ts";
import { Undecided, WindowReader } from "./window-reader.ts";

const blockBytes = 64 * 1024;
const [extension, image, trailer] = [0x21, 0x2c, 0x3b];

/**
 * A GIF that ends before its first picture, or inside a picture's block. One that ends between two blocks of data counts as
 * whole once it has a picture, because many old programs left out what ends a picture or the file; so does one that ends
 * inside an extension behind it.
 */
export async function isTruncatedGif(source: ByteSource): Promise<boolean> {
  const reader = new WindowReader(source, blockBytes);
  const screen = await reader.bytes(0, 13);
  if (screen.length < 13) return true;
  let offset = 13 + colorTableBytes(screen[10]);
  for (let pictures = 0; offset < source.sizeBytes;) {
    const [kind] = await reader.bytes(offset, 1);
    if (kind === trailer) return false;
    const dataStart = await blockDataStart(reader, offset, kind);
    const end = dataStart && (await endOfSubBlocks(reader, dataStart));
    if (!end) return kind === image || pictures === 0;
    if (kind === image) pictures += 1;
    if (end === source.sizeBytes && pictures > 0) return false;
    offset = end;
  }
  return true;
}

/** Where a block's sub-blocks start; undefined when the file ends before. */
async function blockDataStart(reader: WindowReader, offset: number, kind: number | undefined) {
  if (kind === extension) return offset + 2;
  if (kind !== image) throw new Undecided();
  const descriptor = viewOf(await reader.bytes(offset, 10));
  if (descriptor.byteLength < 10) return undefined;
  // Behind the color table comes one byte, the smallest code's size.
  return offset + 10 + colorTableBytes(descriptor.getUint8(9)) + 1;
}

/** Undefined when they run past the end of the file; one that ends between two of them lacks only their terminator. */
async function endOfSubBlocks(reader: WindowReader, start: number): Promise<number | undefined> {
  for (let offset = start; offset < reader.sizeBytes;) {
    const [lengthBytes = 0] = await reader.bytes(offset, 1);
    offset += 1 + lengthBytes;
    if (lengthBytes === 0 || (offset === reader.sizeBytes && offset > start)) return offset;
  }
  return undefined;
}

function colorTableBytes(flags = 0): number {
  return flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
}
