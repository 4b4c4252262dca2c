import { setTimeout as delay } from "node:timers/promises";

const lookEveryMs = 20;

/**
 * Looks at what a helper has written until it is as wanted, and gives it back. For files that another process replaces:
 * there is no event to wait for that tells what is in them.
 * @throws Error with what was seen last when `timeoutMs` is over
 */
export async function until<Seen>(
  look: () => Seen | undefined | Promise<Seen | undefined>,
  isWanted: (seen: Seen) => boolean = () => true,
  timeoutMs = 30_000,
): Promise<Seen> {
  const deadline = performance.now() + timeoutMs;
  let seen: Seen | undefined;
  while (performance.now() < deadline) {
    seen = await look();
    if (seen !== undefined && isWanted(seen)) return seen;
    await delay(lookEveryMs);
  }
  throw new Error(`It did not come to pass within ${timeoutMs} ms; last seen: ${JSON.stringify(seen, null, 1)}`);
}
