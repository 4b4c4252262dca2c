import { ensureStateDirs } from "../files/ensure-state-dirs.ts";
import type { StatePaths } from "../state-paths.ts";
import { acquireLock } from "./acquire-lock.ts";

const waitMs = 10_000;

/**
 * Runs a read-modify-write of a state file alone among all processes. For milliseconds: `work` must not wait for the
 * network or for another lock. It gets `verify`, which throws if the lock was lost, to call before it writes. Throws
 * `LockBusyError` when the lock was not free within 10 seconds.
 */
export async function withStateLock<T>(paths: StatePaths, work: (verify: () => void) => Promise<T>): Promise<T> {
  await ensureStateDirs(paths);
  const lock = await acquireLock(paths.stateLock, { waitMs });
  try {
    return await work(lock.verify);
  } finally {
    await lock.release();
  }
}
