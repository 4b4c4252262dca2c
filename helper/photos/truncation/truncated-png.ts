import { asciiAt, viewOf, type ByteSource } from "../byte-source.ts";
import { Undecided, WindowReader } from "./window-reader.ts";

const chunksMost = 1_000_000;

/** A PNG whose chunks run past the end of the file, or end without IEND. One cut inside IEND's checksum counts as whole. */
export async function isTruncatedPng(source: ByteSource): Promise<boolean> {
  const reader = new WindowReader(source, 12);
  const tail = await reader.bytes(Math.max(8, source.sizeBytes - 12), 12);
  if (asciiAt(tail, 0, 8) === "\0\0\0\0IEND") return false;
  let offset = 8;
  for (let count = 0; count < chunksMost; count += 1) {
    const head = await reader.bytes(offset, 8);
    if (head.length < 8) return true;
    const type = asciiAt(head, 4, 4);
    if (type === "IEND") return false;
    const lengthBytes = viewOf(head).getUint32(0);
    if (!/^[A-Za-z]{4}$/.test(type) || lengthBytes > 0x7fff_ffff) throw new Undecided();
    offset += 12 + lengthBytes;
    if (offset > source.sizeBytes) return true;
  }
  throw new Undecided();
}
