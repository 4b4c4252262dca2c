import { crc32 } from "node:zlib";
import { seededBytes } from "./seeded-random.ts";
import { cameraEntries, exifBlockOf, writeTiff } from "./tiff-writer.ts";

/** A JPEG like `base` with its own EXIF and, behind it, comment segments that fill it up to about `approxBytes`. */
export function jpegWithExif(base: Buffer, seed: number, takenAt: string, approxBytes: number): Buffer {
  const exif = segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), exifBlockOf(takenAt, `seed ${seed}`)]));
  const parts = [base.subarray(0, 2), exif, segment(0xfe, Buffer.from(`photo ${seed}`))];
  for (let missing = approxBytes - base.length - 200; missing > 4; missing -= 65_000) {
    parts.push(segment(0xfe, seededBytes(seed + missing, Math.min(65_000, missing) - 4)));
  }
  return Buffer.concat([...parts, base.subarray(2)]);
}

/** A PNG like `base` with an eXIf chunk and a private chunk of filling in front of its pixels. */
export function pngWithExif(base: Buffer, seed: number, takenAt: string, approxBytes: number): Buffer {
  const headerEnd = 8 + 25;
  const filling = seededBytes(seed, Math.max(4, approxBytes - base.length - 300));
  const added = [pngChunk("eXIf", exifBlockOf(takenAt, `seed ${seed}`)), pngChunk("phLa", filling)];
  return Buffer.concat([base.subarray(0, headerEnd), ...added, base.subarray(headerEnd)]);
}

/** An uncompressed RGB TIFF, or with `dng` the same with the tags that make it a DNG, about `approxBytes` big. */
export function tiffPhoto(seed: number, takenAt: string, approxBytes: number, dng: boolean): Buffer {
  const width = 64;
  const height = Math.max(8, Math.ceil(approxBytes / (width * 3)));
  const dateTime = takenAt.slice(0, 19).replaceAll("-", ":").replace("T", " ");
  const ifd0 = [
    ...cameraEntries(dateTime),
    { tag: 0x0100, value: { long: [width] } },
    { tag: 0x0101, value: { long: [height] } },
    { tag: 0x0102, value: { short: [8, 8, 8] } },
    { tag: 0x0103, value: { short: [1] } },
    { tag: 0x0106, value: { short: [2] } },
    { tag: 0x0115, value: { short: [3] } },
    { tag: 0x0116, value: { long: [height] } },
  ];
  if (dng) {
    ifd0.push({ tag: 0xc612, value: { bytes: Uint8Array.of(1, 4, 0, 0) } } as never);
    ifd0.push({ tag: 0xc614, value: { ascii: "Photolala Test Camera" } });
  }
  const exif = [{ tag: 0x9003, value: { ascii: dateTime } }];
  if (takenAt.length > 19) exif.push({ tag: 0x9011, value: { ascii: takenAt.slice(19) } });
  return writeTiff({ ifd0, exif, strip: seededBytes(seed, width * height * 3) });
}

/** A 24-bit BMP of seeded noise. */
export function bmpPhoto(seed: number, approxBytes: number): Buffer {
  const width = 64;
  const height = Math.max(8, Math.ceil(approxBytes / (width * 3)));
  const pixels = seededBytes(seed, width * height * 3);
  const header = Buffer.alloc(54);
  header.write("BM");
  header.writeUInt32LE(54 + pixels.length, 2);
  header.writeUInt32LE(54, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  header.writeUInt32LE(pixels.length, 34);
  return Buffer.concat([header, pixels]);
}

function segment(marker: number, content: Buffer): Buffer {
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([head, content]);
}

function pngChunk(type: string, content: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, "latin1"), content]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(content.length, 0);
  frame.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([frame.subarray(0, 4), typed, frame.subarray(4)]);
}
