import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../../helper/photos/byte-source.ts";
import { inspectContent } from "../../../helper/photos/inspect-content.ts";
import { generatedFormats, generatePhoto, type GeneratedFormat } from "../../support/photos/generate-photos.ts";
import { seededBytes } from "../../support/photos/seeded-random.ts";

const fixture = fileURLToPath(new URL("../../fixtures/photos/tiny.heic", import.meta.url));

async function verdictOf(bytes: Uint8Array, name: string): Promise<string> {
  return inspectContent(bytes, name, bytes.length);
}

/** A source that gives what a large file would, and counts what was read of it. */
function countingSource(bytes: Uint8Array): { source: ByteSource; read: () => number } {
  let readBytes = 0;
  const readAt = async (offset: number, lengthBytes: number) => {
    readBytes += lengthBytes;
    return bytes.subarray(offset, offset + lengthBytes);
  };
  return { source: { sizeBytes: bytes.length, readAt }, read: () => readBytes };
}

/** Lengths at which an ISO file ends between two boxes or inside a box's header. */
function isAtBoxHeader(bytes: Buffer, length: number): boolean {
  for (let offset = 0; offset <= length; offset += bytes.readUInt32BE(offset)) if (length < offset + 8) return true;
  return false;
}

/** Lengths at which a WebP ends behind its picture's chunk, or inside the header of a later one. */
function isAtChunk(bytes: Buffer, length: number): boolean {
  let hasPicture = false;
  for (let offset = 12; offset <= length;) {
    hasPicture ||= /VP8[ L]/.test(bytes.toString("latin1", offset, offset + 4));
    const dataBytes = bytes.readUInt32LE(offset + 4);
    offset += 8 + dataBytes + (dataBytes % 2);
    if (hasPicture && length >= offset - (dataBytes % 2) && length < offset + 8) return true;
  }
  return false;
}

/** Lengths at which a GIF with one picture and no extension ends between two pieces of its picture's data. */
function isAtSubBlock(bytes: Buffer, length: number): boolean {
  const imageAt = bytes.indexOf(Buffer.from([0x2c, 0, 0, 0, 0]));
  const flags = bytes[imageAt + 9] ?? 0;
  const tableBytes = flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0;
  let offset = imageAt + 11 + tableBytes;
  while (offset < length) offset += 1 + (bytes[offset] ?? 0);
  return offset === length && length > imageAt + 11 + tableBytes;
}

/** Prefixes that nobody can judge; every other one has to be found out. */
const undecidable: Record<GeneratedFormat, (bytes: Buffer, length: number) => boolean> = {
  // The end marker alone is missing: no part of the picture is.
  jpeg: (bytes, length) => length < 3 || length >= bytes.length - 2,
  // All of the picture is there: the data of its last chunk, without the checksum and IEND.
  png: (bytes, length) => length < 8 || length >= bytes.length - 16,
  // What is missing is the trailer, or what ends the data.
  gif: (bytes, length) => length < 6 || length >= bytes.length - 2 || isAtSubBlock(bytes, length),
  // Padding that was counted and not written, or an end between two chunks, which may only be counted wrongly.
  webp: (bytes, length) => length < 12 || length === bytes.length - 1 || isAtChunk(bytes, length),
  tiff: (bytes, length) => length < 8 || length > bytes.readUInt32LE(4),
  heic: isAtBoxHeader,
  avif: isAtBoxHeader,
  mov: isAtBoxHeader,
  mp4: isAtBoxHeader,
  bmp: () => true,
  dng: () => true,
  xmp: () => true,
  aae: () => true,
};

describe("every prefix of a photo", () => {
  test.each(generatedFormats)("is found out, or known to be undecidable: %s", async (format) => {
    const bytes = await generatePhoto({ format, seed: 11 });
    const wrong: number[] = [];
    for (let length = 1; length < bytes.length; length += 1) {
      const verdict = await verdictOf(bytes.subarray(0, length), `a.${format}`);
      const expected = undecidable[format](bytes, length) ? "fine" : "truncated-file";
      // The first bytes of some formats are zeros.
      if (verdict !== expected && verdict !== "all-zeros") wrong.push(length);
    }
    expect(wrong, `of ${bytes.length} bytes`).toEqual([]);
  });

  test("is found out in a real HEIC", async () => {
    const bytes = readFileSync(fixture);
    const missed: number[] = [];
    for (let length = 1; length < bytes.length; length += 1) {
      if ((await verdictOf(bytes.subarray(0, length), "a.HEIC")) === "fine") missed.push(length);
    }
    expect(missed.filter((length) => !isAtBoxHeader(bytes, length))).toEqual([]);
  });

  test("is found out in a JPEG with an EXIF thumbnail", async () => {
    const thumbnail = await sharp({ create: { width: 16, height: 16, channels: 3, background: "red" } })
      .jpeg()
      .toBuffer();
    const pixels = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 7919) % 251));
    const picture = sharp(pixels, { raw: { width: 64, height: 64, channels: 3 } });
    const plain = await picture.clone().jpeg().toBuffer();
    const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, thumbnail.length + 2]), thumbnail]);
    segment.writeUInt16BE(thumbnail.length + 2, 2);
    const jpeg = Buffer.concat([plain.subarray(0, 2), segment, plain.subarray(2)]);
    expect(await verdictOf(jpeg, "a.jpg")).toBe("fine");
    for (let length = 3; length < jpeg.length - 2; length += 1) {
      expect(await verdictOf(jpeg.subarray(0, length), "a.jpg"), `${length} bytes`).toBe("truncated-file");
    }
  });
});

describe("a whole photo", () => {
  const trailers: [string, Buffer][] = [
    ["zeros", Buffer.alloc(4097)],
    ["text", Buffer.from("\nSEFHe, a maker's trailer, SEFT")],
    ["a start of a JPEG", Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0xff, 0xff])],
    ["a start of a video", Buffer.from("\0\0\0\x18ftypmp42", "latin1")],
    ["line feed", Buffer.from("\n")],
  ];

  test.each(generatedFormats)("is fine with whatever is appended to it: %s", async (format) => {
    for (const seed of [1, 2, 3]) {
      const bytes = await generatePhoto({ format, seed, approxBytes: 20_000 });
      expect(await verdictOf(bytes, `a.${format}`), `seed ${seed}`).toBe("fine");
      for (const [name, trailer] of trailers) {
        expect(await verdictOf(Buffer.concat([bytes, trailer]), `a.${format}`), `seed ${seed}, ${name}`).toBe("fine");
      }
    }
  });

  test("is fine under another format's name, and its prefix is not", async () => {
    const bytes = await generatePhoto({ format: "heic", seed: 5 });
    const png = await generatePhoto({ format: "png", seed: 5 });
    expect(await verdictOf(bytes, "a.jpg")).toBe("fine");
    expect(await verdictOf(png, "a.jpg")).toBe("fine");
    expect(await verdictOf(bytes.subarray(0, bytes.length - 1), "a.jpg")).toBe("truncated-file");
    expect(await verdictOf(png.subarray(0, 500), "a.HEIC")).toBe("truncated-file");
  });

  test.each(["a.raw", "a.nef", "a.xmp", "a.thm", "a.orf"])("that nobody can judge is kept: %s", async (name) => {
    const jpeg = await generatePhoto({ format: "jpeg", seed: 5 });
    expect(await verdictOf(jpeg.subarray(0, 700), name)).toBe("fine");
    expect(await verdictOf(Buffer.from("II*\0\xff\xff\xff\x7f and so on", "latin1"), name)).toBe("fine");
  });

  test("with a motion photo's video or further pictures behind it is fine, cut there too", async () => {
    const jpeg = await generatePhoto({ format: "jpeg", seed: 5 });
    const video = await generatePhoto({ format: "mp4", seed: 5 });
    for (const appended of [video, jpeg]) {
      const both = Buffer.concat([jpeg, appended]);
      expect(await verdictOf(both, "a.jpg")).toBe("fine");
      expect(await verdictOf(both.subarray(0, both.length - 90), "a.jpg")).toBe("fine");
    }
  });

  test("of boxes that have no length, or a long one, is fine", async () => {
    const ftyp = Buffer.from("\0\0\0\x10ftypqt  \0\0\0\0", "latin1");
    const openEnd = Buffer.concat([ftyp, Buffer.from("\0\0\0\0mdat and so on", "latin1")]);
    expect(await verdictOf(openEnd, "a.mov")).toBe("fine");
    const long = Buffer.concat([ftyp, Buffer.from("\0\0\0\x01mdat\0\0\0\0\0\0\0\x18 8 bytes", "latin1")]);
    expect(await verdictOf(long, "a.mov")).toBe("fine");
    expect(await verdictOf(long.subarray(0, long.length - 1), "a.mov")).toBe("truncated-file");
    const old = Buffer.from("\0\0\0\x10mdat 8 bytes", "latin1");
    expect(await verdictOf(old, "a.mov")).toBe("fine");
    expect(await verdictOf(old.subarray(0, 15), "a.mov")).toBe("truncated-file");
  });

  test("costs a few bytes of reading, however large it is; a cut one is searched and followed once", async () => {
    const jpeg = await generatePhoto({ format: "jpeg", seed: 5 });
    const filling = Buffer.alloc(3 * 1024 * 1024, 0x55);
    const large = Buffer.concat([jpeg.subarray(0, -2), filling, jpeg.subarray(-2)]);
    const whole = countingSource(large);
    expect(await inspectContent(whole.source, "a.jpg", large.length)).toBe("fine");
    expect(whole.read()).toBeLessThan(5000);
    const pixels = seededBytes(5, 1200 * 900 * 3);
    const noise = await sharp(pixels, { raw: { width: 1200, height: 900, channels: 3 } })
      .jpeg({ quality: 90 })
      .toBuffer();
    const cut = countingSource(noise.subarray(0, -3));
    expect(await inspectContent(cut.source, "a.jpg", noise.length - 3)).toBe("truncated-file");
    expect(cut.read()).toBeLessThan(noise.length * 2.5);
  });

  test("has its end marker across the border of two blocks, with a trailer behind it", async () => {
    const jpeg = await generatePhoto({ format: "jpeg", seed: 5 });
    for (let shift = -3; shift <= 3; shift += 1) {
      const filling = Buffer.alloc(1024 * 1024 - jpeg.length + shift, 0x55);
      const large = Buffer.concat([jpeg.subarray(0, -2), filling, jpeg.subarray(-2), Buffer.alloc(2_000_000)]);
      expect(await inspectContent(countingSource(large).source, "a.jpg", large.length), `${shift}`).toBe("fine");
    }
  });

  test("whose source gives less than its size is not called cut", async () => {
    const jpeg = await generatePhoto({ format: "jpeg", seed: 5 });
    const { source } = countingSource(jpeg.subarray(0, 900));
    expect(await inspectContent({ ...source, sizeBytes: 90_000 }, "a.jpg", 90_000)).toBe("fine");
  });
});

/** What real programs write, and what a damaged byte makes of it: nothing of the picture is provably missing. */
describe("an odd photo is kept", () => {
  test("a PNG whose text behind the picture says to be longer than the file", async () => {
    const png = await generatePhoto({ format: "png", seed: 5 });
    const text = Buffer.from("\0\0\xff\xfftEXtComment\0cut", "latin1");
    expect(await verdictOf(Buffer.concat([png.subarray(0, -12), text]), "a.png")).toBe("fine");
  });

  test("a PNG with damaged bytes amid its picture, though not one that is cut", async () => {
    const png = await generatePhoto({ format: "png", seed: 5, approxBytes: 20_000 });
    const damaged = Buffer.from(png);
    damaged.fill(0xff, 2_000, 2_040);
    expect(await verdictOf(damaged, "a.png")).toBe("fine");
    expect(await verdictOf(png.subarray(0, 10_000), "a.png")).toBe("truncated-file");
  });

  test.each([8, 12, 100])("a WebP whose size counts %i bytes too many", async (more) => {
    const webp = Buffer.from(await generatePhoto({ format: "webp", seed: 5 }));
    webp.writeUInt32LE(webp.readUInt32LE(4) + more, 4);
    expect(await verdictOf(webp, "a.webp")).toBe("fine");
    expect(await verdictOf(webp.subarray(0, webp.length / 2), "a.webp")).toBe("truncated-file");
  });

  test("a GIF whose comment behind the picture is cut", async () => {
    const gif = await generatePhoto({ format: "gif", seed: 5 });
    const comment = Buffer.from([0x21, 0xfe, 0x20, 0x41, 0x41]);
    expect(await verdictOf(Buffer.concat([gif.subarray(0, -1), comment]), "a.gif")).toBe("fine");
  });
});
