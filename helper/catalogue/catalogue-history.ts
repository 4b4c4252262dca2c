import { hash } from "node:crypto";
import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import type { CatalogueLine, CatalogueVersion } from "./catalogue-line.ts";

interface Remembered {
  uploadedAt: string;
  previous: CatalogueVersion[];
}

interface HistoryLedger {
  get(path: string): LedgerEntry | undefined;
  put(path: string, entry: LedgerEntry): void;
}

/**
 * What a lost ledger knew and neither disk nor object tells: when a photo was uploaded, and its earlier versions. It comes
 * back for a photo that was found again under the same path and key with the same bytes. Files that are gone from the
 * disk do not: there is nothing to read and prove them by (invariant 1). The old catalogue, which nobody deletes, goes on
 * telling of them.
 */
export class CatalogueHistory {
  /** Of every path a row: two numbers, since there may be 100,000 of them, and more only where there is more to tell. */
  readonly #rowOf = new Map<string, number>();
  #ids: number[] = [];
  #times: number[] = [];
  readonly #odd = new Map<number, Remembered>();

  /** @param line one whose object, and those of its earlier versions, the bucket was seen to have as it was noted */
  note({ path, key, sha256, uploadedAt, previous = [] }: CatalogueLine): void {
    if (!sha256) return;
    const id = idOf(key, sha256);
    const known = this.#rowOf.get(path);
    const row = known ?? this.#ids.length;
    // Of two Macs with the same path the one that knows more is kept.
    if (this.#ids[row] === id && this.#remembered(row).previous.length > previous.length) return;
    if (known === undefined) this.#rowOf.set(path, row);
    this.#ids[row] = id;
    this.#times[row] = Date.parse(uploadedAt);
    this.#odd.delete(row);
    const { uploadedAt: asKept } = this.#remembered(row);
    if (previous.length > 0 || asKept !== uploadedAt) this.#odd.set(row, { uploadedAt, previous });
  }

  bringBack(ledger: HistoryLedger): void {
    for (const [path, row] of this.#rowOf) {
      const entry = ledger.get(path);
      const { uploadedAt, previous } = this.#remembered(row);
      if (!entry || entry.proof !== "found" || entry.previous || entry.uploadedAt < uploadedAt) continue;
      if (idOf(entry.s3Key, entry.sha256 ?? "") !== this.#ids[row]) continue;
      if (uploadedAt === entry.uploadedAt && previous.length === 0) continue;
      const versions = previous.map(versionOf).filter(({ s3Key }) => s3Key !== entry.s3Key);
      ledger.put(path, { ...entry, uploadedAt, ...(versions.length > 0 ? { previous: versions } : {}) });
    }
    this.#rowOf.clear();
    this.#odd.clear();
    this.#ids = [];
    this.#times = [];
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

/** Of key and content: as many bits of a hash as a number keeps exactly. */
function idOf(key: string, sha256: string): number {
  return hash("md5", JSON.stringify([key, sha256]), "buffer").readUIntBE(0, 6);
}
