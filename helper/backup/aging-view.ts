import type { BucketView } from "./bucket-view.ts";
import type { Clock } from "./clock.ts";

/** A first backup takes days, and a computer sleeps: what was listed may have been deleted or replaced since. */
const believedMs = 3_600_000;

/**
 * A view whose objects are believed for an hour; then only a HEAD can tell. A key that it did not have needs none later
 * either: where that spares a HEAD, the store itself refuses a key that is taken.
 * @param since when the listing began, by the wall clock, which runs on while the computer sleeps
 */
export function agingView(view: BucketView, since: number, clock: Clock): BucketView {
  const isFresh = () => {
    const ageMs = clock.now() - since;
    // A clock that was set back tells nothing.
    return ageMs >= 0 && ageMs < believedMs;
  };
  return {
    find(key) {
      const found = view.find(key);
      return found === "absent" || isFresh() ? found : undefined;
    },
    // These only say where to look or where not to, and what a photo was that is proved in another way.
    findByContent: (sha256Hex) => view.findByContent(sha256Hex),
    isChanged: (key) => view.isChanged(key),
    withHistory: (path, entry) => view.withHistory(path, entry),
  };
}
