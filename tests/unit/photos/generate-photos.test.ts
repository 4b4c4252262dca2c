import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHash } from "node:crypto";
import exifr from "exifr";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { generatedFormats, generatePhoto, generatePhotoFolder } from "../../support/photos/generate-photos.ts";
import { nastyNames } from "../../support/photos/nasty-names.ts";

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

describe("generated photos", () => {
  test.each(generatedFormats)("the same seed gives the same %s, another seed another", async (format) => {
    const [one, again, other] = await Promise.all([5, 5, 6].map((seed) => generatePhoto({ format, seed })));
    expect(one).toEqual(again);
    expect(one).not.toEqual(other);
  });

  test.each(["jpeg", "png", "webp", "tiff", "gif", "avif", "dng"] as const)(
    "sharp decodes every pixel of a %s",
    async (format) => {
      const bytes = await generatePhoto({ format, seed: 9, approxBytes: 20_000 });
      const stats = await sharp(bytes, { failOn: "warning" }).stats();
      expect(stats.channels.length).toBeGreaterThanOrEqual(3);
      expect(stats.entropy).toBeGreaterThan(1);
    },
  );

  test.each(["jpeg", "png", "tiff", "dng", "heic"] as const)("exifr reads the date of a %s", async (format) => {
    const bytes = await generatePhoto({ format, seed: 9, takenAt: "2021-03-04T05:06:07+01:00" });
    // exifr finds the block of a HEIC only where "Exif\0\0" stands before it; libheif leaves that out, and finds it itself.
    const block = format === "heic" ? (await sharp(bytes).metadata()).exif : bytes;
    const tags = await exifr.parse(block ?? bytes, {
      reviveValues: false,
      pick: ["DateTimeOriginal", "OffsetTimeOriginal"],
    });
    expect(tags).toEqual({ DateTimeOriginal: "2021:03:04 05:06:07", OffsetTimeOriginal: "+01:00" });
  });

  test.each(["jpeg", "png", "tiff", "dng", "heic", "bmp", "mov", "mp4"] as const)(
    "a %s is about as large as asked",
    async (format) => {
      const { length } = await generatePhoto({ format, seed: 9, approxBytes: 200_000 });
      expect(Math.abs(length - 200_000)).toBeLessThan(20_000);
    },
  );
});

describe("a folder of them", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "photos-"));
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  test("holds as many distinct photos as asked, each with its date", async () => {
    const paths = await generatePhotoFolder(dir, { count: 300, approxBytes: 20_000, seed: 1, photosPerFolder: 100 });
    const files = await Promise.all(paths.map((path) => readFile(join(dir, path))));
    expect(new Set(files.map(sha256)).size).toBe(300);
    expect(new Set(paths).size).toBe(300);
    for (const file of files.slice(0, 20)) expect(await exifr.parse(file)).toHaveProperty("DateTimeOriginal");
  });

  test("takes its formats in turn", async () => {
    const paths = await generatePhotoFolder(dir, { count: 13, approxBytes: 5_000, seed: 1, formats: generatedFormats });
    expect(paths.map((path) => path.split(".").pop())).toEqual([
      "jpg",
      "png",
      "webp",
      "tif",
      "gif",
      "avif",
      "HEIC",
      "bmp",
      "dng",
      "MOV",
      "mp4",
      "xmp",
      "AAE",
    ]);
  });

  test("nasty names can all be written here, none twice, the long ones to the last byte", async () => {
    const names = nastyNames();
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) await writeFile(join(dir, name), name);
    for (const name of names) expect(await readFile(join(dir, name), "utf8")).toBe(name);
    expect(names.filter((name) => Buffer.byteLength(name) === 255).length).toBe(3);
  });
});
