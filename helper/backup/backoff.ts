const firstWaitMs = 1_000;
const longestWaitMs = 5 * 60_000;

/** No wait is longer, not even one that a service asks for. */
export const longestOutageWaitMs = 15 * 60_000;

/**
 * How long to wait before try number `attempt` + 1 of an outage: doubled each time up to 5 minutes, with half of it
 * left to chance so that many helpers don't return in step. A service's Retry-After is honored in full.
 * @param random 0 to 1
 */
export function backoffMs(attempt: number, random: () => number, retryAfterMs = 0): number {
  const wholeMs = Math.min(firstWaitMs * 2 ** Math.min(attempt, 20), longestWaitMs);
  const jitteredMs = wholeMs / 2 + (wholeMs / 2) * random();
  return Math.max(jitteredMs, retryAfterMs);
}

const photoWaitsMinutes = [1, 5, 30, 120, 360, 720, 1440];

/** When a photo that failed `attempts` times is tried again by itself; undefined: only a change or Retry does. */
export function nextPhotoTryAt(attempts: number, nowMs: number): string | undefined {
  const waitMinutes = photoWaitsMinutes[attempts - 1];
  return waitMinutes === undefined ? undefined : new Date(nowMs + waitMinutes * 60_000).toISOString();
}
