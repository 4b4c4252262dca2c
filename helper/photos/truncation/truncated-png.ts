import { asciiAt, viewOf, type ByteSource } from "../byte-source.ts";
import { inflatesWhole } from "./inflates-whole.ts";
import { Undecided, WindowReader } from "./window-reader.ts";

const chunksMost = 1_000_000;
const dataBlockBytes = 64 * 1024;

/** Where the data of a chunk lies in the file, as far as the file goes. */
interface Span {
  start: number;
  end: number;
}

/**
 * A PNG whose chunks run past the end of the file, or end without IEND, and whose picture's data stops before its end. One
 * that lacks only what stands behind the picture is whole, and one that is damaged otherwise nobody can judge.
 */
export async function isTruncatedPng(source: ByteSource): Promise<boolean> {
  const reader = new WindowReader(source, 12);
  const tail = await reader.bytes(Math.max(8, source.sizeBytes - 12), 12);
  if (asciiAt(tail, 0, 8) === "\0\0\0\0IEND") return false;
  const picture: Span[] = [];
  let offset = 8;
  for (let count = 0; count < chunksMost; count += 1) {
    const head = await reader.bytes(offset, 8);
    if (head.length < 8) return endsInPicture(source, picture);
    const type = asciiAt(head, 4, 4);
    if (type === "IEND") return false;
    const lengthBytes = viewOf(head).getUint32(0);
    if (!/^[A-Za-z]{4}$/.test(type) || lengthBytes > 0x7fff_ffff) throw new Undecided();
    const start = offset + 8;
    if (type === "IDAT") picture.push({ start, end: Math.min(start + lengthBytes, source.sizeBytes) });
    offset = start + lengthBytes + 4;
    if (offset > source.sizeBytes) return endsInPicture(source, picture);
  }
  throw new Undecided();
}

async function endsInPicture(source: ByteSource, picture: readonly Span[]): Promise<boolean> {
  return picture.length === 0 || !(await inflatesWhole(dataOf(source, picture)));
}

async function* dataOf(source: ByteSource, picture: readonly Span[]): AsyncGenerator<Uint8Array> {
  for (const { start, end } of picture) {
    for (let offset = start; offset < end; offset += dataBlockBytes) {
      const lengthBytes = Math.min(dataBlockBytes, end - offset);
      const block = await source.readAt(offset, lengthBytes);
      if (block.length < lengthBytes) throw new Undecided();
      // The source may use its memory again before this was unpacked.
      yield Uint8Array.prototype.slice.call(block);
    }
  }
}
