import { asciiAt, viewOf, type ByteSource } from "../byte-source.ts";
import { WindowReader } from "./window-reader.ts";

/** A TIFF whose first directory lies behind the end of the file: no program could find a picture in it. */
export async function isTruncatedTiff(source: ByteSource): Promise<boolean> {
  const head = await new WindowReader(source, 16).bytes(0, 16);
  const isLittleEndian = asciiAt(head, 0, 2) === "II";
  const view = viewOf(head);
  const isBig = view.getUint16(2, isLittleEndian) === 43;
  if (head.length < (isBig ? 16 : 8)) return false;
  const directory = isBig ? Number(view.getBigUint64(8, isLittleEndian)) : view.getUint32(4, isLittleEndian);
  return directory >= source.sizeBytes;
}
