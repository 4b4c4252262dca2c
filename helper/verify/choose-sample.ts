import { createHash } from "node:crypto";

/** 0 to 1, evenly spread and the same for the same key and seed. */
function placeOf(key: string, seed: string): number {
  return createHash("sha256").update(`${seed}\0${key}`).digest().readUInt32BE(0) / 2 ** 32;
}

/** Whether a key is in a sample of so many percent. The same seed gives the same sample again. */
export function isInSample(key: string, percent: number, seed: string): boolean {
  return percent >= 100 || placeOf(key, seed) * 100 < percent;
}

/** At most so many of these keys; another seed gives others. */
export function chooseSome(keys: Iterable<string>, most: number, seed: string): string[] {
  const placed = [...keys].map((key) => ({ key, place: placeOf(key, seed) }));
  if (placed.length <= most) return placed.map(({ key }) => key);
  return placed
    .sort((a, b) => a.place - b.place)
    .slice(0, most)
    .map(({ key }) => key);
}
