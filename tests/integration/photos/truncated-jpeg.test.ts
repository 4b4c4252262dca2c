import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import sharp, { type JpegOptions, type Sharp } from "sharp";
import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../../helper/photos/byte-source.ts";
import { inspectContent } from "../../../helper/photos/inspect-content.ts";
import { generatePhoto } from "../../support/photos/generate-photos.ts";
import { seededBytes, seededRandom } from "../../support/photos/seeded-random.ts";

async function verdictOf(bytes: Uint8Array): Promise<string> {
  return inspectContent(bytes, "a.jpg", bytes.length);
}

function fixture(name: string): Buffer {
  return readFileSync(fileURLToPath(new URL(`../../fixtures/photos/${name}`, import.meta.url)));
}

function picture(width: number, height: number, channels: 1 | 3 | 4 = 3): Sharp {
  const noise = seededBytes(3, width * height * channels);
  const pixels = noise.map((byte, index) => (index * 5 + (byte & 31)) & 255);
  return sharp(pixels, { raw: { width, height, channels } });
}

function jpeg(options: JpegOptions, shape: Sharp = picture(35, 27)): Promise<Buffer> {
  return shape.jpeg(options).toBuffer();
}

const kinds: [string, () => Promise<Buffer>][] = [
  ["baseline, 4:2:0", () => jpeg({ quality: 70 })],
  ["baseline, 4:4:4, finest", () => jpeg({ quality: 100, chromaSubsampling: "4:4:4" }, picture(19, 18))],
  ["gray", () => jpeg({ quality: 80 }, picture(37, 26, 1).toColourspace("b-w"))],
  ["of four inks", () => jpeg({ quality: 80 }, picture(29, 21).toColourspace("cmyk"))],
  ["progressive, 4:2:0", () => jpeg({ quality: 70, progressive: true })],
  [
    "progressive, 4:4:4, finest",
    () => jpeg({ quality: 100, progressive: true, chromaSubsampling: "4:4:4" }, picture(19, 18)),
  ],
  ["progressive, gray", () => jpeg({ quality: 90, progressive: true }, picture(37, 26, 1).toColourspace("b-w"))],
  ["progressive, the encoder's own scans", () => jpeg({ quality: 85, mozjpeg: true })],
  ["baseline with restart markers", async () => fixture("restart-markers.jpg")],
  ["progressive with restart markers", async () => fixture("progressive-restart-markers.jpg")],
];

interface Layout {
  isProgressive: boolean;
  /** Where segments behind the first scan's data begin; the last one is the end marker. */
  borders: number[];
  firstScan: number;
}

/** By its markers alone: what the code under test knows of the bits between them is not used here. */
function layoutOf(bytes: Buffer): Layout {
  const layout: Layout = { isProgressive: false, borders: [], firstScan: 0 };
  let at = 2;
  while (at < bytes.length) {
    const marker = bytes[at + 1] ?? 0;
    if (layout.firstScan > 0) layout.borders.push(at);
    if (marker === 0xd9) break;
    if (marker === 0xc2) layout.isProgressive = true;
    at += 2 + bytes.readUInt16BE(at + 2);
    if (marker !== 0xda) continue;
    layout.firstScan ||= at;
    const isData = (next = 0) => next === 0 || (next >= 0xd0 && next <= 0xd7);
    while (bytes[at] !== 0xff || isData(bytes[at + 1])) at += 1;
  }
  return layout;
}

/** A progressive picture may end between two scans, and an `FF` at the very end may lack its zero or be a marker's. */
function isInDoubt(bytes: Buffer, { isProgressive, borders }: Layout, length: number): boolean {
  const known = isProgressive ? borders : borders.slice(-1);
  const isStuffed = bytes[length - 1] === 0xff && bytes[length] === 0;
  return known.some((at) => length === at || length === at + 1 || (isStuffed && length === at - 1));
}

describe("a JPEG without its end marker", () => {
  test.each(kinds)("is cut exactly where data of its picture is missing: %s", async (_, make) => {
    const bytes = await make();
    const layout = layoutOf(bytes);
    expect(layout.borders.at(-1)).toBe(bytes.length - 2);
    const wrong: [number, string][] = [];
    const isNearBorder = (length: number) => layout.borders.some((at) => Math.abs(at - length) < 30);
    for (let length = layout.firstScan; length < bytes.length; length += 1) {
      if (length % 4 > 0 && !isNearBorder(length)) continue;
      const verdict = await verdictOf(bytes.subarray(0, length));
      if (verdict !== (isInDoubt(bytes, layout, length) ? "fine" : "truncated-file")) wrong.push([length, verdict]);
    }
    expect(wrong, `of ${bytes.length} bytes`).toEqual([]);
  });

  test.each(kinds)("is backed up with anything behind its whole picture: %s", async (_, make) => {
    const bytes = (await make()).subarray(0, -2);
    const trailers = [Buffer.alloc(5000), Buffer.from("SEFH, a maker's"), Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0xff])];
    for (const trailer of trailers) expect(await verdictOf(Buffer.concat([bytes, trailer]))).toBe("fine");
  });

  test("is found out in a photo of many megapixels, in steps that let others work", async () => {
    const large = await jpeg({ quality: 60, progressive: true }, picture(1200, 900));
    let turns = 0;
    let isOver = false;
    const turn = () => {
      turns += 1;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    expect(await verdictOf(large.subarray(0, -3))).toBe("truncated-file");
    expect(await verdictOf(large.subarray(0, -2))).toBe("fine");
    isOver = true;
    // 17,000 blocks of brightness alone in each of several scans, 4,096 a turn.
    expect(turns).toBeGreaterThan(20);
  });

  test("costs little memory: the picture is never held, and read in small pieces", async () => {
    const bytes = await jpeg({ quality: 95, chromaSubsampling: "4:4:4" }, picture(700, 500));
    let largest = 0;
    const source: ByteSource = {
      sizeBytes: bytes.length - 3,
      readAt: async (offset, lengthBytes) => {
        largest = Math.max(largest, lengthBytes);
        return Buffer.from(bytes.subarray(offset, Math.min(bytes.length - 3, offset + lengthBytes)));
      },
    };
    expect(await inspectContent(source, "a.jpg", source.sizeBytes)).toBe("truncated-file");
    expect(largest).toBeLessThanOrEqual(1024 * 1024);
    expect(await verdictOf(bytes.subarray(0, -2))).toBe("fine");
  });
});

describe("a JPEG that cannot be followed", () => {
  const changes: [string, (bytes: Buffer, frame: number) => void][] = [
    ["arithmetic-coded", (bytes, frame) => bytes.writeUInt8(0xc9, frame + 1)],
    ["lossless", (bytes, frame) => bytes.writeUInt8(0xc3, frame + 1)],
    ["whose height comes later", (bytes, frame) => bytes.writeUInt16BE(0, frame + 5)],
    ["of impossible sampling", (bytes, frame) => bytes.writeUInt8(0x77, frame + 11)],
    ["without Huffman tables", (bytes) => bytes.writeUInt8(0xfe, bytes.indexOf(Buffer.from([0xff, 0xc4])) + 1)],
    ["with a marker amid its data", (bytes) => bytes.writeUInt16BE(0xffe5, bytes.length - 200)],
  ];

  test.each(changes)("is backed up: %s", async (_, change) => {
    const bytes = await jpeg({ quality: 70 });
    change(bytes, bytes.indexOf(Buffer.from([0xff, 0xc0])));
    expect(await verdictOf(bytes.subarray(0, -100))).toBe("fine");
  });

  test("garbage in its data never throws", async () => {
    const seed = Math.floor(Math.random() * 1e9);
    const random = seededRandom(seed);
    const pictures = [await jpeg({ quality: 70 }), await jpeg({ progressive: true }), fixture("restart-markers.jpg")];
    for (let round = 0; round < 300; round += 1) {
      const bytes = Buffer.from(pictures[round % 3] as Buffer).subarray(0, -2);
      for (let count = 0; count < 5; count += 1)
        bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
      bytes.set([0xff, 0xd8, 0xff]);
      expect(await verdictOf(bytes), `seed ${seed}`).toMatch(/^(fine|truncated-file)$/);
    }
  });

  test("an endless progressive picture is given up", async () => {
    const bytes = await jpeg({ progressive: true });
    const { firstScan, borders } = layoutOf(bytes);
    const header = bytes.lastIndexOf(Buffer.from([0xff, 0xda]), firstScan);
    const scan = bytes.subarray(header, borders[0]);
    const endless = Buffer.concat([bytes.subarray(0, -2), ...Array<Buffer>(2000).fill(scan)]);
    expect(await verdictOf(endless.subarray(0, -9))).toBe("fine");
  });

  test("a photo whose trailer alone has an end marker is fine", async () => {
    const bytes = await generatePhoto({ format: "jpeg", seed: 4 });
    expect(await verdictOf(Buffer.concat([bytes.subarray(0, -2), Buffer.from([0, 0xff, 0xd9, 7, 7])]))).toBe("fine");
  });
});
