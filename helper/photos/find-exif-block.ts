import { asciiAt, viewOf, type ByteSource } from "./byte-source.ts";
import { afterOffsetField, heifExifBlock } from "./heif-exif-block.ts";
import { findBox, isoBoxes, type IsoBox } from "./iso-boxes.ts";

/** An EXIF block is at most 64 KiB in a JPEG; the few larger ones elsewhere still have their dates in front. */
const HEAD_BYTES = 256 * 1024;
/** A raw file's directories may lie behind its preview image. */
const TIFF_HEAD_BYTES = 4 * 1024 * 1024;
/** Image editors write a TIFF's directories behind its pixels: such a file is taken as a whole up to this size. */
const TIFF_WHOLE_BYTES = 16 * 1024 * 1024;
const MAX_CHUNKS = 1024;
const CANON_UUID = "\x85\xc0\xb6\x87\x82\x0f\x11\xe0\x81\x11\xf4\xce\x46\x2b\x6a\x48";

/**
 * The block of TIFF directories in which a camera wrote down its data, found by the file's own signature (names lie).
 * Undefined where there is none or the container is not known. Throws a RangeError where the bytes contradict themselves.
 */
export async function findExifBlock(source: ByteSource): Promise<Uint8Array | undefined> {
  const head = await source.readAt(0, 96);
  if (head.length < 12) return undefined;
  const signature = asciiAt(head, 0, 12);
  if (signature.startsWith("\xff\xd8")) return jpegExifBlock(source, 0);
  if (/^(II|MM)/.test(signature)) return tiffBlock(source, viewOf(head).getUint32(4, signature.startsWith("II")));
  if (signature.startsWith("\x89PNG")) return chunkedExifBlock(source, 8, "eXIf", false);
  if (signature.startsWith("RIFF") && signature.endsWith("WEBP")) return chunkedExifBlock(source, 12, "EXIF", true);
  if (signature.startsWith("FUJIFILM") && head.length >= 88) return jpegExifBlock(source, viewOf(head).getUint32(84));
  if (signature.slice(4, 8) === "ftyp" || signature.slice(4, 8) === "JXL ") return isoExifBlock(source);
  return undefined;
}

function tiffBlock(source: ByteSource, firstDirectoryOffset: number): Promise<Uint8Array> {
  const isSmall = source.sizeBytes <= TIFF_WHOLE_BYTES;
  const wantedBytes = firstDirectoryOffset >= TIFF_HEAD_BYTES && isSmall ? TIFF_WHOLE_BYTES : TIFF_HEAD_BYTES;
  return source.readAt(0, Math.min(source.sizeBytes, wantedBytes));
}

async function jpegExifBlock(source: ByteSource, start: number): Promise<Uint8Array | undefined> {
  const bytes = await source.readAt(start, HEAD_BYTES);
  const view = viewOf(bytes);
  let offset = 2;
  while (offset + 10 <= bytes.length && bytes[offset] === 0xff) {
    const marker = view.getUint8(offset + 1);
    if (marker === 0xff) {
      offset += 1;
      continue;
    }
    // The picture itself starts: no metadata of ours comes after it.
    if (marker === 0xda || marker === 0xd9) return undefined;
    const segmentBytes = view.getUint16(offset + 2);
    if (marker === 0xe1 && asciiAt(bytes, offset + 4, 5) === "Exif\0") {
      return bytes.slice(offset + 10, offset + 2 + segmentBytes);
    }
    if (segmentBytes < 2) return undefined;
    offset += 2 + segmentBytes;
  }
  return undefined;
}

/** PNG's chunks are length, type, data, checksum; RIFF's are type, little-endian length, data, and padded to even. */
async function chunkedExifBlock(source: ByteSource, start: number, wanted: string, riff: boolean) {
  let offset = start;
  for (let count = 0; count < MAX_CHUNKS && offset + 12 <= source.sizeBytes; count += 1) {
    const header = await source.readAt(offset, 8);
    const lengthBytes = viewOf(header).getUint32(riff ? 4 : 0, riff);
    if (asciiAt(header, riff ? 0 : 4, 4) === wanted) {
      return withoutExifPrefix(await source.readAt(offset + 8, Math.min(lengthBytes, HEAD_BYTES)));
    }
    offset += riff ? 8 + lengthBytes + (lengthBytes % 2) : 12 + lengthBytes;
  }
  return undefined;
}

/** HEIF and AVIF keep it in an item of `meta`, JPEG XL in a box of its own, Canon's CR3 in `moov`. */
async function isoExifBlock(source: ByteSource): Promise<Uint8Array | undefined> {
  for await (const box of isoBoxes(source)) {
    if (box.type === "meta") return heifExifBlock(source, box);
    if (box.type === "Exif") return afterOffsetField(await readBox(source, box));
    if (box.type === "moov") return canonExifBlock(source, box);
  }
  return undefined;
}

async function canonExifBlock(source: ByteSource, moov: IsoBox): Promise<Uint8Array | undefined> {
  const uuid = await findBox(source, "uuid", moov.start, moov.end);
  if (!uuid) return undefined;
  const id = await source.readAt(uuid.start, 16);
  if (asciiAt(id, 0, 16) !== CANON_UUID) return undefined;
  const exif = await findBox(source, "CMT2", uuid.start + 16, uuid.end);
  return exif && readBox(source, exif);
}

async function readBox(source: ByteSource, box: IsoBox): Promise<Uint8Array> {
  return (await source.readAt(box.start, Math.min(box.end - box.start, HEAD_BYTES))).slice();
}

/** Some writers of PNG and WebP keep the "Exif\0\0" that only JPEG asks for. */
function withoutExifPrefix(block: Uint8Array): Uint8Array {
  return asciiAt(block, 0, 4) === "Exif" ? block.slice(6) : block.slice();
}
