import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ByteSource } from "../../../helper/photos/byte-source.ts";
import { readCaptureTime } from "../../../helper/photos/capture-time.ts";
import { classifyFile } from "../../../helper/photos/photo-formats.ts";
import { generatePhoto, type GeneratedFormat } from "../../support/photos/generate-photos.ts";
import { jpegWithExif } from "../../support/photos/image-writers.ts";
import { box } from "../../support/photos/movie-writer.ts";
import { exifBlockOf, writeTiff } from "../../support/photos/tiff-writer.ts";

const WITH_OFFSET = "2019-07-14T23:59:58+05:30";
const LOCAL = "2019-07-14T23:59:58";
const dated: GeneratedFormat[] = ["jpeg", "png", "webp", "tiff", "avif", "heic", "dng"];
const bareJpeg = Buffer.from([0xff, 0xd8, 0xff, 0xd9]);

/** Hands out a fresh, poisoned copy each time, as a source that reuses its buffer does. */
function reusingSource(bytes: Uint8Array): ByteSource & { readBytes: number } {
  const shared = new Uint8Array(bytes.length + 16);
  const source = {
    sizeBytes: bytes.length,
    readBytes: 0,
    readAt: async (offset: number, lengthBytes: number) => {
      const part = bytes.subarray(offset, Math.min(bytes.length, offset + lengthBytes));
      source.readBytes += part.length;
      shared.fill(0xee);
      shared.set(part);
      return shared.subarray(0, part.length);
    },
  };
  return source;
}

function kindOf(format: GeneratedFormat) {
  return classifyFile(`a.${format}`)?.kind ?? "photo";
}

describe("capture time", () => {
  for (const format of dated) {
    for (const takenAt of [WITH_OFFSET, LOCAL]) {
      test(`a ${format} taken at ${takenAt} says so, from a buffer and from an open file`, async () => {
        const bytes = await generatePhoto({ format, seed: 3, takenAt, approxBytes: 30_000 });
        expect(await readCaptureTime(bytes, kindOf(format))).toBe(takenAt);
        expect(await readCaptureTime(reusingSource(bytes), kindOf(format))).toBe(takenAt);
      });
    }
  }

  test("a QuickTime movie's own local time and offset come before its header's UTC", async () => {
    const bytes = await generatePhoto({ format: "mov", seed: 3, takenAt: WITH_OFFSET });
    expect(await readCaptureTime(reusingSource(bytes), "video")).toBe(WITH_OFFSET);
  });

  test("an MP4's header is UTC", async () => {
    const bytes = await generatePhoto({ format: "mp4", seed: 3, takenAt: WITH_OFFSET });
    expect(await readCaptureTime(bytes, "video")).toBe("2019-07-14T18:29:58+00:00");
  });

  test("of a large movie only the boxes' heads are read", async () => {
    const bytes = await generatePhoto({ format: "mov", seed: 3, takenAt: WITH_OFFSET, approxBytes: 5_000_000 });
    const source = reusingSource(bytes);
    expect(await readCaptureTime(source, "video")).toBe(WITH_OFFSET);
    expect(source.readBytes).toBeLessThan(2000);
  });

  test("a TIFF whose directories lie behind 6 MB of pixels says so too", async () => {
    const exif = [{ tag: 0x9003, value: { ascii: "2019:07:14 23:59:58" } }];
    const bytes = writeTiff({ ifd0: [], exif, strip: new Uint8Array(6_000_000), directoriesLast: true });
    expect(await readCaptureTime(bytes, "photo")).toBe(LOCAL);
  });

  test("a Fujifilm raw has it in its preview, a Canon CR3 in moov, a JPEG XL in a box of its own", async () => {
    const exif = exifBlockOf(WITH_OFFSET, "x");
    const raf = Buffer.alloc(160);
    raf.write("FUJIFILMCCD-RAW ");
    raf.writeUInt32BE(160, 84);
    expect(await readCaptureTime(Buffer.concat([raf, jpegWithExif(bareJpeg, 1, WITH_OFFSET, 0)]), "raw")).toBe(
      WITH_OFFSET,
    );

    const uuid = Buffer.from("85c0b687820f11e08111f4ce462b6a48", "hex");
    const cr3 = Buffer.concat([
      box("ftyp", Buffer.from("crx \0\0\0\x01")),
      box("moov", box("uuid", uuid, box("CMT2", exif))),
    ]);
    expect(await readCaptureTime(cr3, "raw")).toBe(WITH_OFFSET);

    const jxl = Buffer.concat([box("JXL ", Buffer.from([13, 10, 0x87, 10])), box("Exif", Buffer.alloc(4), exif)]);
    expect(await readCaptureTime(jxl, "photo")).toBe(WITH_OFFSET);
  });

  test.each([
    "0000-00-00T00:00:00",
    "1825-01-01T00:00:00",
    "2024-13-01T00:00:00",
    "2023-02-29T00:00:00",
    "2024-05-01T24:00:00",
    "2024-05-01T12:60:00",
    "9999-01-01T00:00:00",
    "2100-01-01T00:00:00",
    "    -  -     :  :  ",
    "2024-05-01T12:34:5x",
  ])("%j is no date", async (takenAt) => {
    expect(await readCaptureTime(jpegWithExif(bareJpeg, 1, takenAt, 0), "photo")).toBeUndefined();
  });

  test("an absurd offset is dropped, the date kept", async () => {
    const bytes = jpegWithExif(bareJpeg, 1, "2024-05-01T12:34:56+99:00", 0);
    expect(await readCaptureTime(bytes, "photo")).toBe("2024-05-01T12:34:56");
  });

  test.each(["gif", "bmp", "xmp"] as const)("a %s has none", async (format) => {
    expect(await readCaptureTime(await generatePhoto({ format, seed: 1 }), kindOf(format))).toBeUndefined();
  });

  test("a movie whose clock was never set has none", async () => {
    const bytes = await generatePhoto({ format: "mp4", seed: 1, takenAt: "1970-01-01T00:00:05" });
    expect(await readCaptureTime(bytes, "video")).toBeUndefined();
  });

  test("a source that fails is a file without a date", async () => {
    const source: ByteSource = { sizeBytes: 1000, readAt: () => Promise.reject(new Error("EIO")) };
    expect(await readCaptureTime(source, "photo")).toBeUndefined();
  });
});

const shape = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}([+-]\d{2}:\d{2})?$/;

function expectHarmless(time: string | undefined) {
  if (time !== undefined) expect(time).toMatch(shape);
}

describe("hostile bytes", () => {
  test("every prefix of every real file gives a date or none, and never an error", async () => {
    for (const format of [...dated, "mov", "mp4"] as const) {
      const bytes = await generatePhoto({ format, seed: 3, takenAt: WITH_OFFSET });
      const step = Math.max(1, Math.floor(bytes.length / 400));
      for (let lengthBytes = 0; lengthBytes < bytes.length; lengthBytes += step) {
        expectHarmless(await readCaptureTime(bytes.subarray(0, lengthBytes), kindOf(format)));
      }
    }
  });

  test("real files with bytes overwritten at random give a date or none, within bounds", async () => {
    const samples = await Promise.all(
      [...dated, "mov" as const].map(async (format) => ({ format, bytes: await generatePhoto({ format, seed: 3 }) })),
    );
    const damage = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), {
      minLength: 1,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(fc.nat(samples.length - 1), damage, async (index, changes) => {
        const sample = samples[index];
        if (!sample) throw new Error("no sample");
        const bytes = Buffer.from(sample.bytes);
        // Structure lies in front, in a movie at the end: the square puts most of the damage there.
        for (const [place, value] of changes) {
          const offset = Math.floor(place * place * (bytes.length - 1));
          bytes[sample.format === "mov" ? bytes.length - 1 - offset : offset] = value;
        }
        const source = reusingSource(bytes);
        expectHarmless(await readCaptureTime(source, kindOf(sample.format)));
        expect(source.readBytes).toBeLessThanOrEqual(20 * 1024 * 1024);
      }),
      { numRuns: 1500 },
    );
  });

  test("any bytes behind a known signature give a date or none", async () => {
    const signatures = [
      "ffd8ffe1",
      "49492a00",
      "4d4d002a",
      "89504e470d0a1a0a",
      "000000186674797068656963",
      "000000206d6f6f76",
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...signatures), fc.uint8Array({ maxLength: 4000 }), async (signature, rest) => {
        const bytes = Buffer.concat([Buffer.from(signature, "hex"), rest]);
        for (const kind of ["photo", "raw", "video", "sidecar"] as const)
          expectHarmless(await readCaptureTime(bytes, kind));
      }),
      { numRuns: 500 },
    );
  });

  test("a file that is one endless chain of empty boxes or chunks ends after a bounded number of reads", async () => {
    const boxes = Buffer.alloc(80_000);
    for (let offset = 0; offset < boxes.length; offset += 8) boxes.write("\0\0\0\x08free", offset, "latin1");
    const png = Buffer.alloc(80_000);
    Buffer.from("89504e470d0a1a0a", "hex").copy(png);
    for (const [bytes, kind] of [
      [boxes, "video"],
      [png, "photo"],
    ] as const) {
      let reads = 0;
      const source: ByteSource = {
        sizeBytes: bytes.length,
        readAt: async (offset, lengthBytes) => {
          reads += 1;
          return bytes.subarray(offset, offset + lengthBytes);
        },
      };
      expect(await readCaptureTime(source, kind)).toBeUndefined();
      expect(reads).toBeLessThanOrEqual(2048);
    }
  });
});
