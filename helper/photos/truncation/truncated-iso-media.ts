import { asciiAt, viewOf, type ByteSource } from "../byte-source.ts";
import { Undecided, WindowReader } from "./window-reader.ts";

const boxesMost = 65_536;

/** What cameras and phones write behind the first box. Other bytes there are somebody's trailer, not a box cut short. */
const topLevelTypes: ReadonlySet<string> = new Set([
  ...["moov", "mdat", "meta", "moof", "mfra", "free", "skip", "wide", "uuid", "udta", "styp", "sidx", "pnot"],
]);

/**
 * A HEIC, AVIF, CR3, MP4 or QuickTime file one of whose outermost boxes runs past the end of the file. A missing `moov`
 * proves nothing, and neither does an end between two boxes, inside a box's own header, or in a box without a length.
 */
export async function isTruncatedIsoMedia(source: ByteSource): Promise<boolean> {
  const reader = new WindowReader(source, 16);
  let offset = 0;
  for (let count = 0; count < boxesMost; count += 1) {
    const head = await reader.bytes(offset, 16);
    if (head.length < 8) return false;
    const lengthBytes = boxBytes(head);
    if (lengthBytes === 0) return false;
    if (offset + lengthBytes > source.sizeBytes) return offset === 0 || topLevelTypes.has(asciiAt(head, 4, 4));
    offset += lengthBytes;
  }
  throw new Undecided();
}

/** A box's length with its header; 0 for one that reaches to the end of the file. */
function boxBytes(head: Uint8Array): number {
  const view = viewOf(head);
  const shortBytes = view.getUint32(0);
  if (shortBytes === 1 && head.length < 16) throw new Undecided();
  const lengthBytes = shortBytes === 1 ? Number(view.getBigUint64(8)) : shortBytes;
  if (lengthBytes !== 0 && lengthBytes < (shortBytes === 1 ? 16 : 8)) throw new Undecided();
  return lengthBytes;
}
