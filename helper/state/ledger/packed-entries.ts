import type { LedgerEntry } from "../files/ledger-entry.ts";
import { contentHexDigits, contentsOf, type EntryMap, type KnownFile } from "./entry-map.ts";
import { KeyBeginnings } from "./key-beginnings.ts";
import { flags, PackedRows, places, takenAtMost } from "./packed-rows.ts";

/** Fields that a row holds; an entry with any other is odd. */
const rowFields = new Set([
  ...["uploadedAt", "size", "s3Key", "mtimeMs", "ctimeMs", "inode", "sha256", "etag", "takenAt", "proof"],
]);
const numberFields = ["mtimeMs", "ctimeMs", "inode"] as const;

/**
 * Ledger entries in little memory: what nearly every entry holds goes into a row of fixed size, anything else (earlier
 * versions, notes, fields of a later version) is kept as its JSON text. An entry comes back equal to what was put in;
 * a property test holds it equal to a `Map`. Entries given to it must have passed `checkEntry`.
 */
export class PackedEntries implements EntryMap {
  readonly rows = new PackedRows();
  readonly beginnings = new KeyBeginnings();
  readonly #rowOf = new Map<string, number>();
  readonly #odd = new Map<number, string>();

  get size(): number {
    return this.#rowOf.size;
  }

  get(path: string): LedgerEntry | undefined {
    const row = this.#rowOf.get(path);
    return row === undefined ? undefined : this.#entryAt(row, path);
  }

  /** What a scan needs of an entry. */
  known(path: string): KnownFile | undefined {
    const row = this.#rowOf.get(path);
    if (row === undefined) return undefined;
    if (this.#odd.size > 0 && this.#odd.has(row)) return this.#entryAt(row, path);
    const { rows } = this;
    return {
      size: rows.number(row, "size"),
      mtimeMs: orAbsent(rows.number(row, "mtimeMs")),
      ctimeMs: orAbsent(rows.number(row, "ctimeMs")),
      inode: orAbsent(rows.number(row, "inode")),
    };
  }

  set(path: string, entry: LedgerEntry): void {
    const row = this.rowFor(path);
    if (this.#pack(row, path, entry)) return;
    this.rows.bytesOf(row)[this.rows.offsetOf(row)] = flags.odd;
    this.#odd.set(row, JSON.stringify(entry));
  }

  /** The row of a path, a new one where it has none, to be filled by the caller. */
  rowFor(path: string): number {
    let row = this.#rowOf.get(path);
    if (row === undefined) this.#rowOf.set(path, (row = this.rows.add()));
    else this.#odd.delete(row);
    return row;
  }

  keys(): IterableIterator<string> {
    return this.#rowOf.keys();
  }

  *entries(): IterableIterator<[string, LedgerEntry]> {
    for (const [path, row] of this.#rowOf) yield [path, this.#entryAt(row, path)];
  }

  /** The first `contentHexDigits` of each entry's sha256, those of earlier versions too, with its path. */
  *contents(): IterableIterator<[string, string]> {
    for (const [path, row] of this.#rowOf) {
      if (this.#odd.has(row)) yield* contentsOf(path, this.#entryAt(row, path));
      const bytes = this.rows.bytesOf(row);
      const offset = this.rows.offsetOf(row);
      if (!((bytes[offset] as number) & flags.sha256)) continue;
      yield [bytes.toString("hex", offset + places.sha256, offset + places.sha256 + contentHexDigits / 2), path];
    }
  }

  [Symbol.iterator](): IterableIterator<[string, LedgerEntry]> {
    return this.entries();
  }

  #entryAt(row: number, path: string): LedgerEntry {
    const odd = this.#odd.get(row);
    if (odd !== undefined) return JSON.parse(odd) as LedgerEntry;
    const { rows } = this;
    const bytes = rows.bytesOf(row);
    const offset = rows.offsetOf(row);
    const bits = bytes[offset] as number;
    const { beginning, cut } = rows.keyOf(row);
    const entry: LedgerEntry = {
      uploadedAt: new Date(rows.number(row, "uploadedAt")).toISOString(),
      size: rows.number(row, "size"),
      s3Key: this.beginnings.text(beginning) + path.slice(cut),
    };
    for (const field of numberFields) {
      const value = rows.number(row, field);
      if (!Number.isNaN(value)) entry[field] = value;
    }
    const sha256At = offset + places.sha256;
    if (bits & flags.sha256) entry.sha256 = bytes.toString("hex", sha256At, sha256At + 32);
    const etagAt = offset + places.etag;
    if (bits & flags.etag) entry.etag = bytes.toString("hex", etagAt, etagAt + 16);
    const takenAtLength = bytes[offset + places.takenAt] as number;
    const takenAtAt = offset + places.takenAt + 1;
    if (takenAtLength > 0) entry.takenAt = bytes.toString("latin1", takenAtAt, takenAtAt + takenAtLength);
    if (bits & flags.uploaded) entry.proof = "uploaded";
    else if (bits & flags.found) entry.proof = "found";
    return entry;
  }

  /** False for an entry that a row would not give back exactly. */
  #pack(row: number, path: string, entry: LedgerEntry): boolean {
    if (!fitsARow(entry)) return false;
    const { rows } = this;
    const bytes = rows.bytesOf(row);
    const offset = rows.offsetOf(row);
    const { sha256, etag, takenAt = "", proof } = entry;
    rows.setNumber(row, "uploadedAt", Date.parse(entry.uploadedAt));
    rows.setNumber(row, "size", entry.size);
    for (const field of numberFields) rows.setNumber(row, field, entry[field] ?? NaN);
    if (sha256 !== undefined) bytes.write(sha256, offset + places.sha256, "hex");
    if (etag !== undefined) bytes.write(etag, offset + places.etag, "hex");
    bytes[offset + places.takenAt] = takenAt.length;
    bytes.write(takenAt, offset + places.takenAt + 1, "latin1");
    const { beginning, cut } = this.beginnings.split(path, entry.s3Key);
    rows.setKey(row, beginning, cut);
    bytes[offset] =
      (sha256 === undefined ? 0 : flags.sha256) |
      (etag === undefined ? 0 : flags.etag) |
      (proof === undefined ? 0 : flags[proof]);
    return true;
  }
}

function fitsARow(entry: LedgerEntry): boolean {
  for (const field in entry) if (!rowFields.has(field)) return false;
  const { uploadedAt, sha256, etag, takenAt } = entry;
  const uploadedAtMs = Date.parse(uploadedAt);
  return (
    !Number.isNaN(uploadedAtMs) &&
    new Date(uploadedAtMs).toISOString() === uploadedAt &&
    (sha256 === undefined || /^[0-9a-f]{64}$/.test(sha256)) &&
    (etag === undefined || /^[0-9a-f]{32}$/.test(etag)) &&
    (takenAt === undefined || (takenAt.length <= takenAtMost && /^[ -~]+$/.test(takenAt)))
  );
}

function orAbsent(value: number): number | undefined {
  return Number.isNaN(value) ? undefined : value;
}
