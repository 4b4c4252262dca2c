import type { HelperRequest } from "../state/files/request.ts";
import { takeRequests } from "../state/files/request-store.ts";
import type { StatePaths } from "../state/state-paths.ts";
import { isInside } from "./scanned-folders.ts";

/** What commands asked of the helper since the last run. */
export interface AskedFor {
  /** A run was asked for, whatever the schedule says. */
  now: boolean;
  /** Tells these requests from others. */
  id: string;
  retryAll: boolean;
  retryPaths: ReadonlySet<string>;
  anywayPaths: ReadonlySet<string>;
  /**
   * Removes the requests: only once they have been met, so that a crash does not lose them. Given folders, only those
   * about photos inside them.
   */
  done(folders?: readonly string[]): Promise<void>;
}

export async function readAskedFor(paths: StatePaths): Promise<AskedFor> {
  // What is to be verified is no wish for a run.
  const taken = (await takeRequests(paths)).filter(({ request }) => request.kind !== "verify");
  const retryPaths = new Set<string>();
  const anywayPaths = new Set<string>();
  for (const { request } of taken) {
    const target = request.kind === "back-up-anyway" ? anywayPaths : retryPaths;
    for (const path of request.paths ?? []) target.add(path);
  }
  return {
    now: taken.length > 0,
    id: JSON.stringify(taken.map(({ request }) => request)),
    retryAll: taken.some(({ request }) => request.kind === "retry-all"),
    retryPaths,
    anywayPaths,
    done: async (folders) => {
      for (const { request, done } of taken) if (!folders || isAbout(request, folders)) await done();
    },
  };
}

/** Whether these wishes concern photos that the others do not. */
export function asksMore(asked: AskedFor, than: AskedFor): boolean {
  if (asked.retryAll && !than.retryAll) return true;
  const isNew = (path: string) => !than.retryPaths.has(path) && !than.retryAll;
  return [...asked.retryPaths].some(isNew) || [...asked.anywayPaths].some((path) => !than.anywayPaths.has(path));
}

function isAbout({ paths = [] }: HelperRequest, folders: readonly string[]): boolean {
  return paths.length > 0 && paths.every((path) => folders.some((folder) => isInside(path, folder)));
}
