import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { processStartTime } from "../lock/process-start-time.ts";
import type { StatePaths } from "../state-paths.ts";

const tempName = /^\..+\.(\d+)-[0-9a-f]{12}\.tmp$/;
const surelyAbandonedMs = 24 * 3_600_000;

/** Removes temporary files whose process was killed before it could rename them. Errors are left for the next time. */
export async function removeAbandonedTemps(paths: StatePaths, now: () => number = Date.now): Promise<void> {
  for (const folder of [paths.stateDir, paths.parkedLedgersDir, paths.requestsDir]) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) {
      const pid = Number(tempName.exec(name)?.[1]);
      if (Number.isNaN(pid)) continue;
      const path = join(folder, name);
      if (!isRunning(pid) || (await ageMs(path, now)) > surelyAbandonedMs)
        await rm(path, { force: true }).catch(() => undefined);
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    return processStartTime(pid) !== undefined;
  } catch {
    return true;
  }
}

async function ageMs(path: string, now: () => number): Promise<number> {
  const stats = await stat(path).catch(() => undefined);
  return stats ? now() - stats.mtimeMs : 0;
}
