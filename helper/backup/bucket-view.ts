import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import type { ObjectHead } from "./object-store.ts";

/** An object of the listing that a catalogue knows. */
export interface ViewedObject {
  path: string;
  key: string;
  sizeBytes: number;
  etag: string;
  uploadedAt: string;
}

/** What is known of the bucket without a question for each key: from this run's listing and from the catalogue. */
export interface BucketView {
  /**
   * - an `ObjectHead`: the listing has the key; `sha256` is the catalogue's, and only where size and ETag are those it
   *   noted, so that it may prove a photo as invariant 1 says. Only "same" may be believed of it: a listing shows neither
   *   encryption nor metadata, so before anything is called different or unproven a HEAD must agree
   * - `absent`: this run's listing is whole and does not have the key. MinIO lists nothing below a key that is itself an
   *   object, and the listing ages: so only where conditional writes are honored may it spare the HEAD before an upload
   * - `undefined`: nothing is known, only a HEAD can tell
   */
  find(key: string): ObjectHead | "absent" | undefined;
  /** Some Mac read this object's bytes and found others than the photo's: it is never believed again, whatever its HEAD says. */
  isChanged(key: string): boolean;
  /** An object that the catalogue says holds these bytes, its size and ETag unchanged, and the path it was noted for. */
  findByContent(sha256Hex: string): ViewedObject | undefined;
  /** The entry of a photo with what only the catalogue remembers of it: when it was uploaded, and its earlier versions. */
  withHistory(path: string, entry: LedgerEntry): LedgerEntry;
}
