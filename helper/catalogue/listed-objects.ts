import type { ViewedObject } from "../backup/bucket-view.ts";
import type { ObjectHead } from "../backup/object-store.ts";
import { KeyBeginnings } from "../state/ledger/key-beginnings.ts";
import type { CatalogueLine, CatalogueVersion } from "./catalogue-line.ts";

const pageRows = 1024;

/** Of a row's bytes: flags, the ETag, the sha256. */
const etagAt = 1;
const sha256At = etagAt + 16;
const bytesPerRow = sha256At + 32;
const flags = { etag: 1, sha256: 2, condemned: 4 } as const;

interface Page {
  bytes: Buffer;
  /** Size, and when it was uploaded, ms since 1970. */
  numbers: Float64Array;
  /** Where its path differs from its key: see `KeyBeginnings`. */
  paths: Uint32Array;
}

/** Of paths that share no end with their keys: anybody may write ever other ones, so further ones are kept by row. */
const beginningsMost = 10_000;

/** Enough to tell objects apart; who finds one compares the whole hash. */
const beginningDigits = 12;

/**
 * The objects of a listing, and what catalogues say of those that are still as they were noted. Rows of bytes outside the
 * garbage-collected heap: 100,000 objects take 27 MB, keys and maps included. However much a catalogue says, it takes no
 * more than the objects do.
 */
export class ListedObjects {
  readonly #rowOf = new Map<string, number>();
  readonly #keys: string[] = [];
  readonly #pages: Page[] = [];
  readonly #beginnings = new KeyBeginnings();
  #beginningCount = 0;
  /** Rows by the beginning of their sha256; the one that was noted last. */
  readonly #byContent = new Map<string, number>();
  /** ETags that are no MD5, and times that are written in another way than ours. */
  readonly #oddEtags = new Map<number, string>();
  readonly #oddTimes = new Map<number, string>();
  readonly #oddPaths = new Map<number, string>();

  get size(): number {
    return this.#rowOf.size;
  }

  /** Hashes by which an object can be found. */
  get contentCount(): number {
    return this.#byContent.size;
  }

  /** @param etag "" where the listing has none */
  add(key: string, sizeBytes: number, etag: string): void {
    const row = this.#rowOf.get(key) ?? this.#newRow(key);
    const { bytes, numbers, at } = this.#placeOf(row);
    numbers[(row % pageRows) * 2] = sizeBytes;
    const isMd5 = /^[0-9a-f]{32}$/.test(etag);
    bytes[at] = isMd5 ? flags.etag : 0;
    if (isMd5) bytes.write(etag, at + etagAt, "hex");
    else this.#oddEtags.set(row, etag);
  }

  /** What a catalogue says of a photo's object; only for one that is `confirmed`. */
  noteContent({ key, path, uploadedAt }: CatalogueLine, sha256Hex: string): void {
    this.noteSha256(key, sha256Hex);
    const row = this.#rowOf.get(key) as number;
    const { numbers } = this.#placeOf(row);
    this.#notePath(row, key, path);
    numbers[(row % pageRows) * 2 + 1] = Date.parse(uploadedAt);
    if (isOurTime(uploadedAt)) this.#oddTimes.delete(row);
    else this.#oddTimes.set(row, uploadedAt);
    this.#byContent.set(sha256Hex.slice(0, beginningDigits), row);
  }

  noteSha256(key: string, sha256Hex: string): void {
    const row = this.#rowOf.get(key) as number;
    const { bytes, at } = this.#placeOf(row);
    if (this.#sha256Of(row) === sha256Hex) return;
    this.#forgetContent(row);
    if (!/^[0-9a-f]{64}$/.test(sha256Hex)) return void (bytes[at] = (bytes[at] as number) & ~flags.sha256);
    bytes[at] = (bytes[at] as number) | flags.sha256;
    bytes.write(sha256Hex, at + sha256At, "hex");
  }

  /** Of this object nothing counts any more but what the store shows of it. */
  forget(key: string): void {
    const row = this.#rowOf.get(key);
    if (row === undefined) return;
    this.#forgetContent(row);
    const { bytes, at } = this.#placeOf(row);
    bytes[at] = (bytes[at] as number) & ~flags.sha256;
  }

  forgetAll(): void {
    for (const key of this.#keys) this.forget(key);
  }

  /** It was found to hold other bytes than a photo's; nothing takes that back. */
  condemn(key: string): void {
    const row = this.#rowOf.get(key);
    if (row === undefined) return;
    const { bytes, at } = this.#placeOf(row);
    bytes[at] = (bytes[at] as number) | flags.condemned;
  }

  isCondemned(key: string): boolean {
    const row = this.#rowOf.get(key);
    return row !== undefined && this.#isCondemnedAt(row);
  }

  has(key: string): boolean {
    return this.#rowOf.has(key);
  }

  /** The object is listed with the size and ETag that were noted. */
  isConfirmed({ key, size, etag }: CatalogueVersion): boolean {
    const row = this.#rowOf.get(key);
    if (row === undefined || !etag || this.#etagOf(row) !== etag) return false;
    return this.#placeOf(row).numbers[(row % pageRows) * 2] === size;
  }

  /** A listing does not tell how an object is encrypted, so its ETag is taken for what it looks like. */
  head(key: string): ObjectHead | undefined {
    const row = this.#rowOf.get(key);
    if (row === undefined) return undefined;
    const sha256 = this.#sha256Of(row);
    const sizeBytes = this.#placeOf(row).numbers[(row % pageRows) * 2] as number;
    return { sizeBytes, etag: this.#etagOf(row), etagIsOpaque: false, ...(sha256 ? { sha256 } : {}) };
  }

  findByContent(sha256Hex: string): ViewedObject | undefined {
    const row = this.#byContent.get(sha256Hex.slice(0, beginningDigits));
    if (row === undefined || this.#isCondemnedAt(row) || this.#sha256Of(row) !== sha256Hex) return undefined;
    const { numbers } = this.#placeOf(row);
    const inPage = (row % pageRows) * 2;
    const key = this.#keys[row] as string;
    const path = this.#pathOf(row, key);
    const uploadedAt = this.#oddTimes.get(row) ?? new Date(numbers[inPage + 1] as number).toISOString();
    return { path, key, uploadedAt, etag: this.#etagOf(row), sizeBytes: numbers[inPage] as number };
  }

  #newRow(key: string): number {
    const row = this.#rowOf.size;
    if (row === this.#pages.length * pageRows) this.#pages.push(newPage());
    this.#rowOf.set(key, row);
    this.#keys.push(key);
    return row;
  }

  #notePath(row: number, key: string, path: string): void {
    if (this.#beginningCount >= beginningsMost) return void this.#oddPaths.set(row, path);
    const { paths } = this.#placeOf(row);
    const { beginning, cut } = this.#beginnings.split(key, path);
    this.#beginningCount = Math.max(this.#beginningCount, beginning + 1);
    paths[(row % pageRows) * 2] = beginning;
    paths[(row % pageRows) * 2 + 1] = cut;
  }

  #pathOf(row: number, key: string): string {
    const { paths } = this.#placeOf(row);
    const inPage = (row % pageRows) * 2;
    const beginning = () => this.#beginnings.text(paths[inPage] as number);
    return this.#oddPaths.get(row) ?? beginning() + key.slice(paths[inPage + 1] as number);
  }

  /** What was noted of its content before, so that ever other hashes of one object take no room. */
  #forgetContent(row: number): void {
    const known = this.#sha256Of(row)?.slice(0, beginningDigits);
    if (known !== undefined && this.#byContent.get(known) === row) this.#byContent.delete(known);
  }

  #isCondemnedAt(row: number): boolean {
    const { bytes, at } = this.#placeOf(row);
    return ((bytes[at] as number) & flags.condemned) !== 0;
  }

  #placeOf(row: number): Page & { at: number } {
    const page = this.#pages[Math.floor(row / pageRows)] as Page;
    return { ...page, at: (row % pageRows) * bytesPerRow };
  }

  #etagOf(row: number): string {
    const { bytes, at } = this.#placeOf(row);
    const isMd5 = ((bytes[at] as number) & flags.etag) !== 0;
    return isMd5 ? bytes.toString("hex", at + etagAt, at + sha256At) : (this.#oddEtags.get(row) ?? "");
  }

  #sha256Of(row: number): string | undefined {
    const { bytes, at } = this.#placeOf(row);
    const isKnown = ((bytes[at] as number) & flags.sha256) !== 0;
    return isKnown ? bytes.toString("hex", at + sha256At, at + bytesPerRow) : undefined;
  }
}

function isOurTime(time: string): boolean {
  const ms = Date.parse(time);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === time;
}

function newPage(): Page {
  return {
    bytes: Buffer.alloc(pageRows * bytesPerRow),
    numbers: new Float64Array(pageRows * 2),
    paths: new Uint32Array(pageRows * 2),
  };
}
