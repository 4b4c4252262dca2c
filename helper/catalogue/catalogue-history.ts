import { hash } from "node:crypto";
import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import type { CatalogueLine, CatalogueVersion } from "./catalogue-line.ts";

interface Remembered {
  /** Of key and content. */
  id: string;
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
  readonly #lines = new Map<string, Remembered>();

  /** @param line one whose object, and those of its earlier versions, the bucket was seen to have as it was noted */
  note({ path, key, sha256, uploadedAt, previous = [] }: CatalogueLine): void {
    if (!sha256) return;
    const id = idOf(key, sha256);
    const known = this.#lines.get(path);
    // Of two Macs with the same path the one that knows more is kept.
    if (known?.id === id && known.previous.length > previous.length) return;
    this.#lines.set(path, { id, uploadedAt, previous });
  }

  bringBack(ledger: HistoryLedger): void {
    for (const [path, remembered] of this.#lines) {
      const entry = ledger.get(path);
      if (!entry || entry.proof !== "found" || entry.previous || entry.uploadedAt < remembered.uploadedAt) continue;
      if (idOf(entry.s3Key, entry.sha256 ?? "") !== remembered.id) continue;
      const { uploadedAt, previous } = remembered;
      if (uploadedAt === entry.uploadedAt && previous.length === 0) continue;
      const versions = previous.map(versionOf).filter(({ s3Key }) => s3Key !== entry.s3Key);
      ledger.put(path, { ...entry, uploadedAt, ...(versions.length > 0 ? { previous: versions } : {}) });
    }
    this.#lines.clear();
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

/** Short, since there is one for every photo. */
function idOf(key: string, sha256: string): string {
  return hash("md5", JSON.stringify([key, sha256]), "base64");
}
