import { asciiAt, viewOf, type ByteSource } from "./byte-source.ts";
import { findBox, type IsoBox } from "./iso-boxes.ts";

/** QuickTime counts seconds from 1904. */
const SECONDS_1904_TO_1970 = 2_082_844_800;
const MAX_META_BYTES = 64 * 1024;
const APPLE_CREATION_DATE = "com.apple.quicktime.creationdate";

/**
 * When a QuickTime or MP4 movie was made, as ISO 8601 text: Apple's own field with the local time and its offset where
 * there is one, else the movie header's creation time, which is UTC. Undefined where neither is set.
 */
export async function movieTime(source: ByteSource): Promise<string | undefined> {
  const moov = await findBox(source, "moov");
  if (!moov) return undefined;
  return (await appleCreationDate(source, moov)) ?? (await headerCreationTime(source, moov));
}

async function headerCreationTime(source: ByteSource, moov: IsoBox): Promise<string | undefined> {
  const header = await findBox(source, "mvhd", moov.start, moov.end);
  if (!header) return undefined;
  const view = viewOf(await source.readAt(header.start, 12));
  const seconds = view.getUint8(0) === 1 ? Number(view.getBigUint64(4)) : view.getUint32(4);
  // A camera that never had its clock set writes 0, or the very first seconds of 1970.
  if (seconds <= SECONDS_1904_TO_1970 + 86_400 || seconds > SECONDS_1904_TO_1970 + 4_102_444_800) return undefined;
  return new Date((seconds - SECONDS_1904_TO_1970) * 1000).toISOString().slice(0, 19) + "+00:00";
}

/** `meta` holds a list of keys and, by their number, a list of values. */
async function appleCreationDate(source: ByteSource, moov: IsoBox): Promise<string | undefined> {
  const meta = await findBox(source, "meta", moov.start, moov.end);
  if (!meta || meta.end - meta.start > MAX_META_BYTES) return undefined;
  const keys = await findBox(source, "keys", meta.start, meta.end);
  const values = await findBox(source, "ilst", meta.start, meta.end);
  if (!keys || !values) return undefined;
  const number = keyNumber(await source.readAt(keys.start, keys.end - keys.start));
  if (number === undefined) return undefined;
  const entry = await findBox(source, numberAsType(number), values.start, values.end);
  const data = entry && (await findBox(source, "data", entry.start, entry.end));
  if (!data) return undefined;
  const text = await source.readAt(data.start + 8, Math.min(64, data.end - data.start - 8));
  return asciiAt(text, 0, text.length);
}

function keyNumber(keys: Uint8Array): number | undefined {
  const view = viewOf(keys);
  let offset = 8;
  for (let number = 1; offset + 8 <= keys.length; number += 1) {
    const entryBytes = view.getUint32(offset);
    if (entryBytes < 8) return undefined;
    if (asciiAt(keys, offset + 8, Math.min(entryBytes - 8, 64)) === APPLE_CREATION_DATE) return number;
    offset += entryBytes;
  }
  return undefined;
}

function numberAsType(number: number): string {
  return String.fromCharCode(number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255);
}
