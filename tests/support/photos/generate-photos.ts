import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp, { type Exif, type Sharp } from "sharp";
import { bmpPhoto, jpegWithExif, pngWithExif, tiffPhoto } from "./image-writers.ts";
import { box, moviePhoto } from "./movie-writer.ts";
import { seededBytes, seededRandom } from "./seeded-random.ts";

export const generatedFormats = [
  "jpeg",
  "png",
  "webp",
  "tiff",
  "gif",
  "avif",
  "heic",
  "bmp",
  "dng",
  "mov",
  "mp4",
  "xmp",
  "aae",
] as const;
export type GeneratedFormat = (typeof generatedFormats)[number];

interface PhotoRequest {
  format: GeneratedFormat;
  /** The same seed and options give the same bytes; another seed gives other bytes. */
  seed: number;
  /** "2024-05-01T12:34:56", with an offset from UTC or without; made up from the seed when not given. */
  takenAt?: string;
  /** About how large the file gets, in bytes; never smaller than a small real one. */
  approxBytes?: number;
}

/** A real photo, video or sidecar of this format, with its capture date wherever the format has a place for one. */
export async function generatePhoto({
  format,
  seed,
  takenAt = dateOf(seed),
  approxBytes = 0,
}: PhotoRequest): Promise<Buffer> {
  switch (format) {
    case "jpeg":
      return jpegWithExif(await baseImage("jpeg", seed), seed, takenAt, approxBytes);
    case "png":
      return pngWithExif(await baseImage("png", seed), seed, takenAt, approxBytes);
    case "webp":
      return noise(seed, approxBytes).webp({ quality: 80 }).withExif(sharpExif(takenAt)).toBuffer();
    case "avif":
      return noise(seed, 0).avif({ quality: 40, effort: 0 }).withExif(sharpExif(takenAt)).toBuffer();
    case "gif":
      return noise(seed, 0).gif({ effort: 1 }).toBuffer();
    case "tiff":
    case "dng":
      return tiffPhoto(seed, takenAt, approxBytes, format === "dng");
    case "bmp":
      return bmpPhoto(seed, approxBytes);
    case "heic":
      return heicPhoto(seed, takenAt, approxBytes);
    case "mov":
      return moviePhoto({ brand: "qt  ", seed, takenAt, approxBytes });
    case "mp4":
      return moviePhoto({ brand: "isom", seed, takenAt, approxBytes, moovFirst: true });
    case "xmp":
      return Buffer.from(xmpText(seed, takenAt));
    case "aae":
      return Buffer.from(
        `<?xml version="1.0"?>\n<plist version="1.0"><dict><key>seed</key><integer>${seed}</integer></dict></plist>\n`,
      );
  }
}

interface FolderRequest {
  count: number;
  approxBytes: number;
  seed: number;
  /** Taken in turn; JPEG alone when not given, which makes 10,000 of 20 kB in a few seconds. */
  formats?: readonly GeneratedFormat[];
  /** How many photos go into one subfolder. */
  photosPerFolder?: number;
}

/** Fills a folder (made when missing) with distinct photos in subfolders; gives their paths, relative to it, in order. */
export async function generatePhotoFolder(
  dir: string,
  { count, approxBytes, seed, formats = ["jpeg"], photosPerFolder = 250 }: FolderRequest,
): Promise<string[]> {
  const paths = Array.from({ length: count }, (_, index) => {
    const extension = extensions[formats[index % formats.length] ?? "jpeg"];
    return join(
      `Roll ${1 + Math.floor(index / photosPerFolder)}`,
      `IMG_${String(index + 1).padStart(5, "0")}.${extension}`,
    );
  });
  for (const folder of new Set(paths.map((path) => dirname(path)))) await mkdir(join(dir, folder), { recursive: true });
  for (let start = 0; start < count; start += 32) {
    const batch = paths.slice(start, start + 32).map(async (path, offset) => {
      const index = start + offset;
      const format = formats[index % formats.length] ?? "jpeg";
      await writeFile(join(dir, path), await generatePhoto({ format, seed: seed * 1_000_003 + index, approxBytes }));
    });
    await Promise.all(batch);
  }
  return paths;
}

const extensions: Record<GeneratedFormat, string> = {
  jpeg: "jpg",
  png: "png",
  webp: "webp",
  tiff: "tif",
  gif: "gif",
  avif: "avif",
  heic: "HEIC",
  bmp: "bmp",
  dng: "dng",
  mov: "MOV",
  mp4: "mp4",
  xmp: "xmp",
  aae: "AAE",
};

/** Encoding is what takes time, so a few dozen pictures serve as the base of all. */
const BASES = 24;
const bases = new Map<string, Promise<Buffer>>();

function baseImage(format: "jpeg" | "png", seed: number): Promise<Buffer> {
  const name = `${format} ${seed % BASES}`;
  const known =
    bases.get(name) ??
    noise(seed % BASES, 0)
      .toFormat(format)
      .toBuffer();
  bases.set(name, known);
  return known;
}

/** A small picture of seeded color blocks and noise, larger the more bytes are wanted. */
function noise(seed: number, approxBytes: number): Sharp {
  const width = 48;
  const height = Math.max(48, Math.ceil(approxBytes / (width * 0.6)));
  const grain = seededBytes(seed, width * height * 3);
  const random = seededRandom(seed);
  const tint = [random() * 200, random() * 200, random() * 200];
  const pixels = grain.map((value, index) => Math.floor((tint[index % 3] ?? 0) + (value >> 3) + ((index >> 4) % 24)));
  return sharp(Buffer.from(pixels), { raw: { width, height, channels: 3 } });
}

function sharpExif(takenAt: string): Exif {
  const DateTimeOriginal = takenAt.slice(0, 19).replaceAll("-", ":").replace("T", " ");
  return { IFD2: { DateTimeOriginal, ...(takenAt.length > 19 ? { OffsetTimeOriginal: takenAt.slice(19) } : {}) } };
}

const heicFixture = fileURLToPath(new URL("../../fixtures/photos/tiny.heic", import.meta.url));

/** The fixture with another date of the same length, and a `free` box behind it that makes it one of its kind. */
function heicPhoto(seed: number, takenAt: string, approxBytes: number): Buffer {
  const fixture = readFileSync(heicFixture);
  const dateTime = takenAt.slice(0, 19).replaceAll("-", ":").replace("T", " ");
  const text = fixture
    .toString("latin1")
    .replaceAll("2024:05:01 12:34:56", dateTime)
    .replace("+02:00", takenAt.slice(19).padEnd(6));
  const filling = seededBytes(seed, Math.max(16, approxBytes - fixture.length));
  return Buffer.concat([Buffer.from(text, "latin1"), box("free", filling)]);
}

function xmpText(seed: number, takenAt: string): string {
  return `<?xpacket begin="\u{feff}" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:DateTimeOriginal="${takenAt}" exif:UserComment="seed ${seed}"/>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>
`;
}

/** Some moment between 2010 and 2025, every other with an offset from UTC. */
function dateOf(seed: number): string {
  const random = seededRandom(seed);
  const moment = new Date(Date.UTC(2010, 0, 1) + Math.floor(random() * 15 * 365 * 86_400) * 1000);
  return moment.toISOString().slice(0, 19) + (seed % 2 === 0 ? "+02:00" : "");
}
