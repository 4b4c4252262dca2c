import type { RunSummary } from "../backup/run-summary.ts";

/** Counts only: the log names no path. */
export function loggableSummary({ unreadableFolders, leftAlone, ...counts }: RunSummary) {
  return { ...counts, unreadableFolders: unreadableFolders.length, leftAlone: Object.keys(leftAlone).length };
}
