import type { ObjectHead } from "./object-store.ts";

/** What is known of the bucket without a question for each key: from this run's listing and from the catalogue. */
export interface BucketView {
  /**
   * - an `ObjectHead`: the listing has the key; `sha256` is the catalogue's, and only where size and ETag are those it
   *   noted, so that it may prove a photo as invariant 1 says
   * - `absent`: this run's listing is whole and does not have the key
   * - `undefined`: nothing is known, only a HEAD can tell
   */
  find(key: string): ObjectHead | "absent" | undefined;
}
