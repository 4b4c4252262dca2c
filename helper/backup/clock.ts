import { setTimeout as delay } from "node:timers/promises";

/** Time, passed in so that tests can turn it. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** The real one. Long sleeps are cut in pieces by the wall clock, because timers stand still while a Mac sleeps. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    const end = Date.now() + milliseconds;
    // The steady clock ends it when the wall clock was set back meanwhile.
    const steadyEnd = performance.now() + milliseconds;
    for (;;) {
      const leftMs = Math.min(end - Date.now(), steadyEnd - performance.now());
      if (leftMs <= 0) return;
      signal?.throwIfAborted();
      await delay(Math.min(leftMs, 15_000), undefined, { signal }).catch(() => signal?.throwIfAborted());
    }
  },
};
