import type { Stats } from "node:fs";
import type { Candidate } from "./candidate.ts";

/** A photo is taken once its size and times have stayed the same this long. */
export const settleMs = 2_000;

/**
 * Whether the last write is long enough ago. The change time counts too: a copy keeps the old modification time from
 * its first byte on. A time in the future says nothing, so such a file is watched instead.
 */
export function isSettled(times: Pick<Candidate, "mtimeMs" | "ctimeMs">, now: number): boolean {
  const lastChange = Math.max(times.mtimeMs, times.ctimeMs);
  return now - times.ctimeMs >= settleMs && now - lastChange >= settleMs;
}

export function staysSame(candidate: Candidate, stats: Stats): boolean {
  return (
    stats.size === candidate.sizeBytes &&
    stats.mtimeMs === candidate.mtimeMs &&
    stats.ctimeMs === candidate.ctimeMs &&
    stats.ino === candidate.inode
  );
}

/** macOS: an iCloud placeholder has a size but no blocks on the disk; reading it would download it or hang. */
export function isInICloud(stats: Stats, platform: NodeJS.Platform = process.platform): boolean {
  return platform === "darwin" && stats.size > 0 && stats.blocks === 0;
}
