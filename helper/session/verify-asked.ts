import { takeRequests } from "../state/files/request-store.ts";
import type { StatePaths } from "../state/state-paths.ts";

/** A wish to verify now. */
export interface VerifyAsked {
  /** These photos, their bytes too; undefined for the whole backup by listing. */
  paths: ReadonlySet<string> | undefined;
  /** Removes the requests, once they have been met. */
  done(): Promise<void>;
}

/** What commands asked to be verified since the last time. */
export async function readVerifyAsked(paths: StatePaths): Promise<VerifyAsked | undefined> {
  const taken = (await takeRequests(paths)).filter(({ request }) => request.kind === "verify");
  if (taken.length === 0) return undefined;
  const named = taken.filter(({ request }) => request.paths !== undefined);
  // Those with names read bytes, so they go first and by themselves.
  const met = named.length > 0 ? named : taken;
  return {
    paths: named.length > 0 ? new Set(named.flatMap(({ request }) => request.paths ?? [])) : undefined,
    done: async () => {
      for (const { done } of met) await done();
    },
  };
}
