import { readFailures } from "../../helper/state/files/failures-store.ts";
import type { StatePaths } from "../../helper/state/state-paths.ts";

/**
 * Photos that are neither in the bucket nor on this Mac any more. They are in no count of photos on disk. A list that
 * cannot be read is View Failures' trouble to tell.
 */
export async function readLostEverywhere(paths: StatePaths): Promise<number> {
  const { totalsByCode = {} } = (await readFailures(paths).catch(() => undefined)) ?? {};
  return (totalsByCode["gone-from-bucket"] ?? 0) + (totalsByCode["changed-in-bucket"] ?? 0);
}
