import type { PreparedPut } from "./object-store.ts";
import { keepFresh } from "./prepared-send.ts";
import { uploadOf, type Sending } from "./send-photo.ts";

/** An upload that is made ready while another body is on the wire. */
export interface UploadAhead {
  /** @returns it, for one use; undefined when it is too old, was meant for another key, or there was none */
  take(key: string): PreparedPut | undefined;
  /** Gives it up if nobody took it. */
  discard(): void;
}

/**
 * Makes a photo ready that is held in memory and whose place is known.
 * @param onConfirmed called once it is stored and the wire is free again
 */
export function prepareUpload({ candidate, photo, place, parts }: Sending, onConfirmed: () => void): UploadAhead {
  const { clock, store, aborting } = parts;
  const isReady = photo.body instanceof Uint8Array && place.kind === "free";
  const upload = () => ({ ...uploadOf(candidate, photo, place.key, parts), onConfirmed });
  const kept = keepFresh(isReady ? store.prepare(upload(), aborting) : undefined, clock);
  const take = (key: string) => {
    if (key !== place.key) kept.discard();
    return kept.take();
  };
  return { take, discard: kept.discard };
}
