import { hash } from "node:crypto";
import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import type { CatalogueLine, CatalogueVersion } from "./catalogue-line.ts";

interface Remembered {
  uploadedAt: string;
  previous: CatalogueVersion[];
}

/** Photos and earlier versions, about 100 bytes each. Beyond them photos are backed up all the same, without their past. */
const rowsMost = 1_000_000;

/**
 * What a lost ledger knew and neither disk nor object tells: when a photo was uploaded, and its earlier versions. It comes
 * back for a photo that was found again under the same path and key with the same bytes. Files that are gone from the
 * disk do not: there is nothing to read and prove them by (invariant 1). The old catalogue, which nobody deletes, goes on
 * telling of them.
 */
export class CatalogueHistory {
  readonly #rowsMost: number;
  /** By path, key and content: what other Macs have under the same path is other photos. */
  readonly #rowOf = new Map<string, number>();
  readonly #times: number[] = [];
  /** Where there is more to tell than a time as we write it. */
  readonly #odd = new Map<number, Remembered>();
  #versions = 0;

  constructor(most = rowsMost) {
    this.#rowsMost = most;
  }

  /**
   * @param line one whose object, and those of its earlier versions, the bucket was seen to have as it was noted
   * @returns false when there is no room for it
   */
  note({ path, key, sha256, uploadedAt, previous = [] }: CatalogueLine): boolean {
    if (!sha256) return true;
    const id = idOf(path, key, sha256);
    const known = this.#rowOf.get(id);
    const knownVersions = known === undefined ? 0 : this.#remembered(known).previous.length;
    // Of two lines the one that knows more is kept.
    if (known !== undefined && knownVersions > previous.length) return true;
    if (this.#rowOf.size + this.#versions + previous.length - knownVersions >= this.#rowsMost) return false;
    const row = known ?? this.#times.length;
    if (known === undefined) this.#rowOf.set(id, row);
    this.#versions += previous.length - knownVersions;
    this.#times[row] = Date.parse(uploadedAt);
    this.#odd.delete(row);
    const { uploadedAt: asKept } = this.#remembered(row);
    if (previous.length > 0 || asKept !== uploadedAt) this.#odd.set(row, { uploadedAt, previous });
    return true;
  }

  /** The entry of a photo that was found, with what is remembered of it. */
  complete(path: string, entry: LedgerEntry): LedgerEntry {
    if (entry.proof !== "found" || entry.previous || !entry.sha256) return entry;
    const row = this.#rowOf.get(idOf(path, entry.s3Key, entry.sha256));
    if (row === undefined) return entry;
    const { uploadedAt, previous } = this.#remembered(row);
    if (entry.uploadedAt < uploadedAt) return entry;
    const versions = previous.map(versionOf).filter(({ s3Key }) => s3Key !== entry.s3Key);
    return { ...entry, uploadedAt, ...(versions.length > 0 ? { previous: versions } : {}) };
  }

  #remembered(row: number): Remembered {
    const ms = this.#times[row] as number;
    return this.#odd.get(row) ?? { uploadedAt: Number.isNaN(ms) ? "" : new Date(ms).toISOString(), previous: [] };
  }
}

function versionOf({ key, size, sha256, etag, mtime, uploadedAt }: CatalogueVersion) {
  return {
    s3Key: key,
    size,
    uploadedAt,
    ...(sha256 ? { sha256 } : {}),
    ...(etag ? { etag } : {}),
    ...(mtime ? { mtimeMs: Date.parse(mtime) } : {}),
  };
}

/** In 24 characters: the paths themselves would take several times the memory. */
function idOf(path: string, key: string, sha256: string): string {
  return hash("md5", JSON.stringify([path, key, sha256]), "base64");
}
