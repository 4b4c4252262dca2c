import type { PackedEntries } from "./packed-entries.ts";
import { flags, places, takenAtMost, type PackedRows } from "./packed-rows.ts";

const [quote, backslash, slash, dot, zero, nine, brace] = [0x22, 0x5c, 0x2f, 0x2e, 0x30, 0x39, 0x7d];
const texts = {
  uploadedAt: Buffer.from('{"uploadedAt":"'),
  size: Buffer.from('","size":'),
  s3Key: Buffer.from(',"s3Key":"'),
  sha256: Buffer.from(',"sha256":"'),
  etag: Buffer.from(',"etag":"'),
  takenAt: Buffer.from(',"takenAt":"'),
  uploaded: Buffer.from(',"proof":"uploaded"'),
  found: Buffer.from(',"proof":"found"'),
};
const numberTexts = [
  ["mtimeMs", Buffer.from(',"mtimeMs":')],
  ["ctimeMs", Buffer.from(',"ctimeMs":')],
  ["inode", Buffer.from(',"inode":')],
] as const;

const [colon, letterZ] = [0x3a, 0x5a];
/** Of `2026-11-22T`. */
const dayBytes = 11;

const hexValues = new Int8Array(256).fill(-1);
for (let value = 0; value < 16; value += 1) hexValues[value.toString(16).charCodeAt(0)] = value;

/**
 * Reads an entry from the bytes of its line straight into its row, without an object or a string of it, when it is written
 * as we write it. Anything unusual, or wrong, makes it give up; the caller then parses the line as JSON and checks it. So
 * it may be strict, but whatever it takes must be what JSON.parse and `checkEntry` would take (a test holds them equal).
 */
export class PackedLineReader {
  readonly #entries: PackedEntries;
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #lastDay: Buffer = Buffer.alloc(0);
  #lastDayMs = 0;

  constructor(entries: PackedEntries) {
    this.#entries = entries;
  }

  /**
   * @param path as decoded; its bytes, without escapes, lie between `pathStart` and `pathEnd`
   * @param start of the entry's `{`; `end` is behind its `}`
   * @returns false when the entry must be read the slow way; its row may then hold anything
   */
  read(path: string, bytes: Buffer, at: { pathStart: number; pathEnd: number; start: number; end: number }): boolean {
    this.#bytes = bytes;
    this.#at = at.start;
    // Its places in characters are those in bytes only where all are ASCII.
    if (path.length !== at.pathEnd - at.pathStart) return false;
    if (!this.#skip(texts.uploadedAt)) return false;
    const uploadedAt = this.#time();
    if (Number.isNaN(uploadedAt) || !this.#skip(texts.size)) return false;
    const size = this.#number();
    if (!Number.isSafeInteger(size) || !this.#skip(texts.s3Key)) return false;
    const keyStart = this.#at;
    const keyEnd = this.#textEnd();
    if (keyEnd < 0) return false;
    const row = this.#entries.rowFor(path);
    const { rows, beginnings } = this.#entries;
    rows.setNumber(row, "uploadedAt", uploadedAt);
    rows.setNumber(row, "size", size);
    const same = this.#sameFromSlash(at.pathStart, at.pathEnd, keyStart, keyEnd);
    rows.setKey(row, beginnings.numberOfBytes(bytes, keyStart, keyEnd - same), path.length - same);
    return this.#readOptional(rows, row) && this.#at === at.end - 1 && bytes[this.#at] === brace;
  }

  #readOptional(rows: PackedRows, row: number): boolean {
    for (const [column, text] of numberTexts) {
      const value = this.#skip(text) ? this.#number() : undefined;
      if (value !== undefined && Number.isNaN(value)) return false;
      rows.setNumber(row, column, value ?? NaN);
    }
    const target = rows.bytesOf(row);
    const offset = rows.offsetOf(row);
    let bits = 0;
    if (this.#skip(texts.sha256)) {
      if (!this.#hex(target, offset + places.sha256, 32)) return false;
      bits |= flags.sha256;
    }
    if (this.#skip(texts.etag)) {
      if (!this.#hex(target, offset + places.etag, 16)) return false;
      bits |= flags.etag;
    }
    target[offset + places.takenAt] = 0;
    if (this.#skip(texts.takenAt) && !this.#takenAt(target, offset + places.takenAt)) return false;
    if (this.#skip(texts.uploaded)) bits |= flags.uploaded;
    else if (this.#skip(texts.found)) bits |= flags.found;
    target[offset + places.flags] = bits;
    return true;
  }

  /** Whether these bytes come next; goes past them then. */
  #skip(text: Buffer): boolean {
    for (let i = 0; i < text.length; i += 1) if (this.#bytes[this.#at + i] !== text[i]) return false;
    this.#at += text.length;
    return true;
  }

  /** `2026-11-22T20:52:02.123Z` as milliseconds; NaN for any other form and for what no calendar has. */
  #time(): number {
    const start = this.#at;
    this.#at += 24;
    if (this.#at > this.#bytes.length) return NaN;
    // Photos come in by thousands a day, so the day is most often that of the one before.
    if (this.#lastDay.length > 0 && this.#lastDay.compare(this.#bytes, start, start + dayBytes) === 0) {
      const ofDay = this.#timeOfDay(start + dayBytes);
      if (!Number.isNaN(ofDay)) return this.#lastDayMs + ofDay;
    }
    const text = this.#bytes.toString("latin1", start, start + 24);
    const milliseconds = Date.parse(text);
    if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== text) return NaN;
    this.#lastDay = Buffer.from(text.slice(0, dayBytes), "latin1");
    this.#lastDayMs = Date.parse(`${text.slice(0, dayBytes)}00:00:00.000Z`);
    return milliseconds;
  }

  /** `20:52:02.123Z`; NaN where anything else is there. */
  #timeOfDay(at: number): number {
    const bytes = this.#bytes;
    const hour = this.#digits(at, 2);
    const minute = this.#digits(at + 3, 2);
    const second = this.#digits(at + 6, 2);
    if (bytes[at + 2] !== colon || bytes[at + 5] !== colon || bytes[at + 8] !== dot || bytes[at + 12] !== letterZ)
      return NaN;
    return hour < 24 && minute < 60 && second < 60
      ? ((hour * 60 + minute) * 60 + second) * 1000 + this.#digits(at + 9, 3)
      : NaN;
  }

  /** NaN unless all of them are digits. */
  #digits(start: number, count: number): number {
    let value = 0;
    for (let at = start; at < start + count; at += 1) {
      const byte = this.#bytes[at];
      if (!isDigit(byte)) return NaN;
      value = value * 10 + (byte as number) - zero;
    }
    return value;
  }

  /** A number without sign and exponent; NaN for others. */
  #number(): number {
    const start = this.#at;
    let value = 0;
    for (; isDigit(this.#bytes[this.#at]); this.#at += 1) value = value * 10 + (this.#bytes[this.#at] as number) - zero;
    const digits = this.#at - start;
    if (digits === 0 || digits > 15 || (digits > 1 && this.#bytes[start] === zero)) return NaN;
    if (this.#bytes[this.#at] !== dot) return value;
    const fractionStart = (this.#at += 1);
    while (isDigit(this.#bytes[this.#at])) this.#at += 1;
    return this.#at === fractionStart ? NaN : Number(this.#bytes.toString("latin1", start, this.#at));
  }

  /** End of a text of printable ASCII without escapes, which goes past its quote; -1 for others. */
  #textEnd(): number {
    for (let at = this.#at; ; at += 1) {
      const byte = this.#bytes[at] ?? 0;
      if (byte === quote) {
        this.#at = at + 1;
        return at;
      }
      if (byte < 0x20 || byte > 0x7e || byte === backslash) return -1;
    }
  }

  /** How many bytes path and key have in common at their ends, from a slash on. */
  #sameFromSlash(pathStart: number, pathEnd: number, keyStart: number, keyEnd: number): number {
    const bytes = this.#bytes;
    const most = Math.min(pathEnd - pathStart, keyEnd - keyStart);
    let fromSlash = 0;
    for (let same = 1; same <= most && bytes[pathEnd - same] === bytes[keyEnd - same]; same += 1) {
      if (bytes[keyEnd - same] === slash) fromSlash = same;
    }
    return fromSlash;
  }

  #hex(target: Buffer, offset: number, length: number): boolean {
    const bytes = this.#bytes;
    for (let i = 0; i < length; i += 1) {
      const high = hexValues[bytes[this.#at + 2 * i] as number] ?? -1;
      const low = hexValues[bytes[this.#at + 2 * i + 1] as number] ?? -1;
      if (high < 0 || low < 0) return false;
      target[offset + i] = high * 16 + low;
    }
    this.#at += 2 * length;
    if (bytes[this.#at] !== quote) return false;
    this.#at += 1;
    return true;
  }

  #takenAt(target: Buffer, offset: number): boolean {
    const start = this.#at;
    const length = this.#textEnd() - start;
    if (length <= 0 || length > takenAtMost) return false;
    target[offset] = length;
    this.#bytes.copy(target, offset + 1, start, start + length);
    return true;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= zero && byte <= nine;
}
