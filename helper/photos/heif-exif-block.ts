import { asciiAt, viewOf, type ByteSource } from "./byte-source.ts";
import { isoBoxes, type IsoBox } from "./iso-boxes.ts";

const MAX_META_BYTES = 1024 * 1024;

/** The EXIF block of a HEIC, HEIF or AVIF image: `meta` says which item is EXIF (`iinf`) and where it lies (`iloc`). */
export async function heifExifBlock(source: ByteSource, meta: IsoBox): Promise<Uint8Array | undefined> {
  const children = new Map<string, IsoBox>();
  for await (const box of isoBoxes(source, meta.start + 4, meta.end)) children.set(box.type, box);
  const itemInfo = children.get("iinf");
  const itemLocation = children.get("iloc");
  if (!itemInfo || !itemLocation) return undefined;

  const itemId = findExifItem(await contentOf(source, itemInfo));
  if (itemId === undefined) return undefined;
  const extent = findExtent(await contentOf(source, itemLocation), itemId);
  if (!extent) return undefined;
  const base = extent.inItemData ? children.get("idat")?.start : 0;
  if (base === undefined) return undefined;
  return afterOffsetField(await source.readAt(base + extent.offset, Math.min(extent.lengthBytes, MAX_META_BYTES)));
}

/** EXIF in an item or box starts with the distance to its TIFF header (usually 0, or 6 for "Exif\0\0"). */
export function afterOffsetField(block: Uint8Array): Uint8Array | undefined {
  if (block.length < 12) return undefined;
  return block.slice(4 + viewOf(block).getUint32(0));
}

async function contentOf(source: ByteSource, box: IsoBox): Promise<Uint8Array> {
  return (await source.readAt(box.start, Math.min(box.end - box.start, MAX_META_BYTES))).slice();
}

function findExifItem(itemInfo: Uint8Array): number | undefined {
  const view = viewOf(itemInfo);
  let offset = view.getUint8(0) === 0 ? 6 : 8;
  while (offset + 20 <= itemInfo.length) {
    const entryBytes = view.getUint32(offset);
    const version = view.getUint8(offset + 8);
    const idBytes = version >= 3 ? 4 : 2;
    const typeAt = offset + 12 + idBytes + 2;
    if (version >= 2 && asciiAt(itemInfo, typeAt, 4) === "Exif") return uint(view, offset + 12, idBytes);
    if (entryBytes < 8) return undefined;
    offset += entryBytes;
  }
  return undefined;
}

interface Extent {
  offset: number;
  lengthBytes: number;
  inItemData: boolean;
}

function findExtent(itemLocation: Uint8Array, wantedId: number): Extent | undefined {
  const view = viewOf(itemLocation);
  const version = view.getUint8(0);
  const sizes = view.getUint16(4);
  const offsetBytes = sizes >> 12;
  const lengthBytes = (sizes >> 8) & 15;
  const baseBytes = (sizes >> 4) & 15;
  const indexBytes = version === 0 ? 0 : sizes & 15;
  const idBytes = version < 2 ? 2 : 4;
  const count = uint(view, 6, idBytes);
  let at = 6 + idBytes;
  for (let item = 0; item < count; item += 1) {
    const id = uint(view, at, idBytes);
    at += idBytes;
    const method = version === 0 ? 0 : view.getUint16(at) & 15;
    at += version === 0 ? 2 : 4;
    const base = uint(view, at, baseBytes);
    const extentCount = view.getUint16(at + baseBytes);
    at += baseBytes + 2;
    if (id === wantedId) {
      const offset = base + uint(view, at + indexBytes, offsetBytes);
      return { offset, lengthBytes: uint(view, at + indexBytes + offsetBytes, lengthBytes), inItemData: method === 1 };
    }
    at += extentCount * (indexBytes + offsetBytes + lengthBytes);
  }
  return undefined;
}

function uint(view: DataView, offset: number, lengthBytes: number): number {
  if (lengthBytes === 0) return 0;
  if (lengthBytes === 2) return view.getUint16(offset);
  if (lengthBytes === 4) return view.getUint32(offset);
  if (lengthBytes === 8) return Number(view.getBigUint64(offset));
  throw new RangeError("no such field size");
}
