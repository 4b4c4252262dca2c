import { asciiAt, viewOf, type ByteSource } from "./byte-source.ts";

/** One box of an ISO base media file (HEIF, AVIF, CR3, JPEG XL, QuickTime, MP4): where its content is. */
export interface IsoBox {
  type: string;
  /** Where the content starts and ends in the file, in bytes. */
  start: number;
  end: number;
}

const MAX_BOXES = 256;

/** The boxes between two offsets, in order. Ends quietly where the bytes stop being boxes or after 256 of them. */
export async function* isoBoxes(source: ByteSource, start = 0, end = source.sizeBytes): AsyncGenerator<IsoBox> {
  let offset = start;
  for (let count = 0; count < MAX_BOXES && offset + 8 <= end; count += 1) {
    const header = await source.readAt(offset, 16);
    if (header.length < 8) return;
    const box = readHeader(header, offset, end);
    if (!box) return;
    yield box;
    offset = box.end;
  }
}

/** The first box of this type between two offsets. */
export async function findBox(
  source: ByteSource,
  type: string,
  start?: number,
  end?: number,
): Promise<IsoBox | undefined> {
  for await (const box of isoBoxes(source, start, end)) {
    if (box.type === type) return box;
  }
  return undefined;
}

function readHeader(header: Uint8Array, offset: number, end: number): IsoBox | undefined {
  const view = viewOf(header);
  const type = asciiAt(header, 4, 4);
  const shortSize = view.getUint32(0);
  // Size 0 means "to the end", size 1 that the real size follows the type in 64 bits.
  if (shortSize === 0) return { type, start: offset + 8, end };
  if (shortSize !== 1) return boxOf(type, offset, 8, shortSize, end);
  if (header.length < 16) return undefined;
  return boxOf(type, offset, 16, Number(view.getBigUint64(8)), end);
}

function boxOf(type: string, offset: number, headerBytes: number, sizeBytes: number, end: number): IsoBox | undefined {
  if (sizeBytes < headerBytes) return undefined;
  return { type, start: offset + headerBytes, end: Math.min(end, offset + sizeBytes) };
}
