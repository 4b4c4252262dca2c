import type { Clock } from "./clock.ts";

/** A request that is made and signed, and goes on the wire when it is told to: a signature holds for 15 minutes. */
export interface PreparedSend<Outcome> {
  /** As if it were made now. */
  send(): Promise<Outcome>;
  /** Gives it up: nothing was sent and nothing will be. No effect once it was told to go. */
  discard(): void;
}

/** What waited longer than this behind other bodies is made anew. */
const freshMs = 60_000;

/** What was made ready, while it is fresh. */
export interface KeptFresh<Outcome> {
  /** @returns it, for one use; undefined when it is too old, or there was none */
  take(): PreparedSend<Outcome> | undefined;
  /** Gives it up if nobody took it. */
  discard(): void;
}

/** @param prepared just made; undefined where nothing could be */
export function keepFresh<Outcome>(prepared: PreparedSend<Outcome> | undefined, clock: Clock): KeptFresh<Outcome> {
  const preparedAt = clock.now();
  let kept = prepared;
  const discard = () => {
    kept?.discard();
    kept = undefined;
  };
  const take = () => {
    if (!isFresh(clock, preparedAt)) discard();
    const taken = kept;
    kept = undefined;
    return taken;
  };
  return { take, discard };
}

/** By the wall clock, which runs on while the computer sleeps; set back, it tells nothing. */
function isFresh(clock: Clock, preparedAt: number): boolean {
  const ageMs = clock.now() - preparedAt;
  return ageMs >= 0 && ageMs < freshMs;
}
