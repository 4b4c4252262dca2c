import { viewOf, type ByteSource } from "../byte-source.ts";
import { endsInPicture } from "./jpeg/ends-in-picture.ts";
import { Undecided, WindowReader } from "./window-reader.ts";

const segmentsMost = 4096;
const headerBlockBytes = 4;
const searchBlockBytes = 1024 * 1024;
const endOfImage = Buffer.from([0xff, 0xd9]);

/**
 * A JPEG whose segments run past the end of the file before the picture starts, or whose picture has no end marker
 * anywhere behind its start and provably lacks data. In a picture's data that marker cannot occur, so what is appended to a
 * whole photo (motion photos, further pictures, a maker's trailer) never makes it look cut. A photo cut inside such an
 * appendix counts as whole, and so does one that lacks nothing but the marker: some cameras and programs never wrote it.
 */
export async function isTruncatedJpeg(source: ByteSource): Promise<boolean> {
  const pictureStart = await findPicture(source);
  if (typeof pictureStart !== "number") return pictureStart === "ends early";
  const tail = await new WindowReader(source, 2).bytes(Math.max(pictureStart, source.sizeBytes - 2), 2);
  // Nearly every whole photo: its pictures need not be walked through.
  if (endOfImage.equals(tail)) return false;
  return !(await hasEndMarker(source, pictureStart)) && (await endsInPicture(source));
}

/** Where the first scan's data starts. */
async function findPicture(source: ByteSource): Promise<number | "ends early" | "empty"> {
  const reader = new WindowReader(source, headerBlockBytes);
  let offset = 2;
  for (let count = 0; count < segmentsMost; count += 1) {
    const head = await reader.bytes(offset, 4);
    const [prefix, marker] = head;
    if (prefix !== undefined && prefix !== 0xff) throw new Undecided();
    if (marker === undefined) return "ends early";
    if (marker === 0xd9) return "empty";
    if (marker === 0xff) offset += 1;
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) offset += 2;
    else {
      const segmentEnd = offset + 2 + segmentBytes(head, marker);
      if (segmentEnd > source.sizeBytes) return "ends early";
      if (marker === 0xda) return segmentEnd;
      offset = segmentEnd;
    }
  }
  throw new Undecided();
}

function segmentBytes(head: Uint8Array, marker: number): number {
  if (marker < 0xc0 || marker === 0xd8) throw new Undecided();
  // Its length, too, is cut off.
  if (head.length < 4) return 2;
  const lengthBytes = viewOf(head).getUint16(2);
  if (lengthBytes < 2) throw new Undecided();
  return lengthBytes;
}

async function hasEndMarker(source: ByteSource, start: number): Promise<boolean> {
  const reader = new WindowReader(source, searchBlockBytes);
  // One byte of each block is looked at twice: the marker may lie across their border.
  for (let offset = start; offset < source.sizeBytes - 1; offset += searchBlockBytes - 1) {
    const block = await reader.bytes(offset, searchBlockBytes);
    if (Buffer.from(block.buffer, block.byteOffset, block.length).includes(endOfImage)) return true;
  }
  return false;
}
