import { seededBytes } from "./seeded-random.ts";

interface MovieOptions {
  brand: "qt  " | "isom";
  seed: number;
  /** With an offset from UTC it also goes into Apple's own field; the header always holds it as UTC. */
  takenAt: string;
  approxBytes: number;
  /** Cameras write `moov` behind the pictures; a web-ready file has it in front. */
  moovFirst?: boolean;
}

const SECONDS_1904_TO_1970 = 2_082_844_800;

/** A QuickTime or MP4 file without a track: ftyp, mdat and a moov with its creation time. */
export function moviePhoto({ brand, seed, takenAt, approxBytes, moovFirst = false }: MovieOptions): Buffer {
  const mvhd = Buffer.alloc(100);
  const seconds = Math.floor(Date.parse(takenAt.length > 19 ? takenAt : `${takenAt}Z`) / 1000) + SECONDS_1904_TO_1970;
  mvhd.writeUInt32BE(seconds, 4);
  mvhd.writeUInt32BE(seconds, 8);
  mvhd.writeUInt32BE(600, 12);
  mvhd.writeUInt32BE(0x0001_0000, 20);
  mvhd.writeUInt16BE(0x0100, 24);
  [0x0001_0000, 0, 0, 0, 0x0001_0000, 0, 0, 0, 0x4000_0000].forEach((n, index) =>
    mvhd.writeUInt32BE(n, 36 + 4 * index),
  );
  mvhd.writeUInt32BE(1, 96);
  const apple = brand === "qt  " && takenAt.length > 19 ? [appleMeta(takenAt)] : [];
  const moov = box("moov", box("mvhd", mvhd), ...apple);
  const ftyp = box("ftyp", Buffer.from(brand), Buffer.from([0, 0, 2, 0]), Buffer.from(brand));
  const mdat = box("mdat", seededBytes(seed, Math.max(16, approxBytes - moov.length - ftyp.length - 8)));
  return Buffer.concat(moovFirst ? [ftyp, moov, mdat] : [ftyp, mdat, moov]);
}

/** One box of an ISO base media file. */
export function box(type: string, ...content: Uint8Array[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(
    content.reduce((sum, part) => sum + part.length, 8),
    0,
  );
  head.write(type, 4, "latin1");
  return Buffer.concat([head, ...content]);
}

function appleMeta(takenAt: string): Buffer {
  const zero = Buffer.alloc(4);
  const one = Buffer.from([0, 0, 0, 1]);
  const handler = box("hdlr", Buffer.alloc(8), Buffer.from("mdta"), Buffer.alloc(13));
  const keys = box("keys", zero, one, box("mdta", Buffer.from("com.apple.quicktime.creationdate")));
  // Apple writes the offset without its colon.
  const text = Buffer.from(takenAt.replace(/([+-]\d\d):(\d\d)$/, "$1$2"));
  const value = box("\0\0\0\x01", box("data", one, zero, text));
  return box("meta", handler, keys, box("ilst", value));
}
