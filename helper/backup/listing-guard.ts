import type { ListPage } from "./object-listing.ts";

/** Stores may answer with some: where keys were deleted, for one. */
const emptyPagesMost = 1_000;

/** Sees, page by page, whether a listing goes round in circles or on for ever with nothing in it. */
export class ListingGuard {
  readonly #beginnings = new Set<string>();
  #emptyPages = 0;

  /** @returns false for a page after which there is nothing more to be learned, although it promises more */
  leadsOn({ objects, continuation }: ListPage): boolean {
    if (continuation === undefined) return true;
    const [first] = objects;
    if (!first) return (this.#emptyPages += 1) <= emptyPagesMost;
    if (this.#beginnings.has(first.key)) return false;
    this.#beginnings.add(first.key);
    return true;
  }
}
