import { usePromise } from "@raycast/utils";
import { useEffect, useMemo } from "react";
import { statePaths, type StatePaths } from "../../helper/state/state-paths.ts";
import { readOverview, type Overview } from "../state/overview.ts";

/** How often an open view reads the small files again. */
export const refreshEveryMs = 1_500;

interface LiveOverview {
  paths: StatePaths;
  /** Undefined until the first read. */
  overview: Overview | undefined;
  refresh: () => void;
}

/** The small files, read again and again for as long as the view is open. */
export function useOverview(): LiveOverview {
  const paths = useMemo(() => statePaths(), []);
  const { data, revalidate } = usePromise(readOverview, [paths]);
  useEvery(refreshEveryMs, revalidate);
  return { paths, overview: data, refresh: revalidate };
}

/** Calls `work` every so many milliseconds while the view is open. */
export function useEvery(intervalMs: number, work: () => unknown): void {
  useEffect(() => {
    const timer = setInterval(work, intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs, work]);
}
