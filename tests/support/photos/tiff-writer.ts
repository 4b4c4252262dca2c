/** One TIFF directory entry: its tag and its value, as text, as 16- or 32-bit numbers, or as bytes. */
export interface TiffEntry {
  tag: number;
  value: { ascii: string } | { short: number[] } | { long: number[] } | { bytes: Uint8Array };
}

interface TiffParts {
  ifd0: TiffEntry[];
  exif?: TiffEntry[];
  /** A strip of pixels put at the end; its offset and length become StripOffsets and StripByteCounts. */
  strip?: Uint8Array;
  /** The strip comes first and the directories behind it, as libtiff writes them. */
  directoriesLast?: boolean;
}

const EXIF_POINTER = 0x8769;
const STRIP_OFFSETS = 0x0111;
const STRIP_BYTE_COUNTS = 0x0117;

/** A whole TIFF file, little-endian: header, IFD0, the EXIF directory and a strip of pixels. Also a JPEG's EXIF block. */
export function writeTiff({ ifd0, exif, strip, directoriesLast = false }: TiffParts): Buffer {
  const first = [...ifd0];
  if (exif) first.push({ tag: EXIF_POINTER, value: { long: [0] } });
  if (strip) {
    first.push(
      { tag: STRIP_OFFSETS, value: { long: [0] } },
      { tag: STRIP_BYTE_COUNTS, value: { long: [strip.length] } },
    );
  }
  const firstOffset = 8 + (directoriesLast ? even(strip?.length ?? 0) : 0);
  const exifOffset = firstOffset + directoryBytes(first);
  const stripOffset = directoriesLast ? 8 : exifOffset + (exif ? directoryBytes(exif) : 0);
  const resolved = first.map((entry) => {
    if (entry.tag === EXIF_POINTER) return { ...entry, value: { long: [exifOffset] } };
    if (entry.tag === STRIP_OFFSETS) return { ...entry, value: { long: [stripOffset] } };
    return entry;
  });
  const header = Buffer.from([0x49, 0x49, 42, 0, 0, 0, 0, 0]);
  header.writeUInt32LE(firstOffset, 4);
  const directories = [writeDirectory(resolved, firstOffset), ...(exif ? [writeDirectory(exif, exifOffset)] : [])];
  const pixels = Buffer.from(strip ?? []);
  const padding = Buffer.alloc(pixels.length % 2);
  return Buffer.concat(directoriesLast ? [header, pixels, padding, ...directories] : [header, ...directories, pixels]);
}

/** The EXIF block of a photo taken at this moment ("2024-05-01T12:34:56+02:00", the offset optional). */
export function exifBlockOf(takenAt: string, comment: string): Buffer {
  const dateTime = takenAt.slice(0, 19).replaceAll("-", ":").replace("T", " ");
  const exif: TiffEntry[] = [{ tag: 0x9003, value: { ascii: dateTime } }];
  if (takenAt.length > 19) exif.push({ tag: 0x9011, value: { ascii: takenAt.slice(19) } });
  exif.push({ tag: 0x9286, value: { bytes: Buffer.from(`ASCII\0\0\0${comment}`) } });
  return writeTiff({ ifd0: cameraEntries(dateTime), exif });
}

export function cameraEntries(dateTime: string): TiffEntry[] {
  return [
    { tag: 0x010f, value: { ascii: "Photolala" } },
    { tag: 0x0110, value: { ascii: "Test Camera" } },
    { tag: 0x0132, value: { ascii: dateTime } },
  ];
}

function encode({ value }: TiffEntry): { type: number; count: number; data: Buffer } {
  if ("ascii" in value)
    return { type: 2, count: value.ascii.length + 1, data: Buffer.from(`${value.ascii}\0`, "latin1") };
  if ("short" in value)
    return { type: 3, count: value.short.length, data: Buffer.from(Uint16Array.from(value.short).buffer) };
  if ("long" in value)
    return { type: 4, count: value.long.length, data: Buffer.from(Uint32Array.from(value.long).buffer) };
  return { type: value.bytes instanceof Buffer ? 7 : 1, count: value.bytes.length, data: Buffer.from(value.bytes) };
}

function directoryBytes(entries: TiffEntry[]): number {
  const outside = entries.map((entry) => encode(entry).data.length).filter((lengthBytes) => lengthBytes > 4);
  return 6 + 12 * entries.length + outside.reduce((sum, lengthBytes) => sum + even(lengthBytes), 0);
}

function writeDirectory(entries: TiffEntry[], at: number): Buffer {
  const directory = Buffer.alloc(directoryBytes(entries));
  directory.writeUInt16LE(entries.length, 0);
  let outside = 6 + 12 * entries.length;
  // Readers may rely on ascending tags.
  [...entries]
    .sort((one, other) => one.tag - other.tag)
    .forEach((entry, index) => {
      const { type, count, data } = encode(entry);
      const field = 2 + 12 * index;
      directory.writeUInt16LE(entry.tag, field);
      directory.writeUInt16LE(type, field + 2);
      directory.writeUInt32LE(count, field + 4);
      if (data.length <= 4) {
        data.copy(directory, field + 8);
        return;
      }
      directory.writeUInt32LE(at + outside, field + 8);
      data.copy(directory, outside);
      outside += even(data.length);
    });
  return directory;
}

function even(lengthBytes: number): number {
  return lengthBytes + (lengthBytes % 2);
}
