import type { Clock } from "./clock.ts";
import type { PreparedPut } from "./object-store.ts";
import { uploadOf, type Sending } from "./send-photo.ts";

/** A signature holds for 15 minutes. What waited longer than this behind other bodies is made anew. */
const freshMs = 60_000;

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
  const preparedAt = clock.now();
  const isHeld = photo.body instanceof Uint8Array;
  const isReady = isHeld && place.kind === "free";
  const upload = () => ({ ...uploadOf(candidate, photo, place.key, parts), onConfirmed });
  let prepared = isReady ? store.prepare(upload(), aborting) : undefined;
  const discard = () => {
    prepared?.discard();
    prepared = undefined;
  };
  const take = (key: string) => {
    if (!isFresh(clock, preparedAt) || key !== place.key) discard();
    const taken = prepared;
    prepared = undefined;
    return taken;
  };
  return { take, discard };
}

/** By the wall clock, which runs on while the computer sleeps; set back, it tells nothing. */
function isFresh(clock: Clock, preparedAt: number): boolean {
  const ageMs = clock.now() - preparedAt;
  return ageMs >= 0 && ageMs < freshMs;
}
