import type { Verification } from "../../../helper/state/files/verification.ts";
import { minutesAgo } from "./ui-world.ts";

const dayMinutes = 24 * 60;

/** Found whole by listing three days ago. */
export function somePresence(changes: Partial<NonNullable<Verification["presence"]>> = {}) {
  return {
    ...{ at: minutesAgo(3 * dayMinutes), method: "listing" as const, photos: 48_000, objects: 48_000 },
    ...{ present: 48_000, missing: 0, changed: 0, unproved: 0, extra: 2 },
    ...changes,
  };
}

/** A twentieth of the bytes read ten days ago. */
export function someReading(changes: Partial<NonNullable<Verification["reading"]>> = {}) {
  return {
    ...{ at: minutesAgo(10 * dayMinutes), percent: 5, seed: "s", objects: 2_400, proved: 2_400 },
    ...{ bytes: 5_100, bytesOfAll: 100_000 },
    ...changes,
  };
}
