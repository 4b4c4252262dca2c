import type { FailuresFile } from "../../helper/state/files/failures.ts";
import { readFailures } from "../../helper/state/files/failures-store.ts";
import { isHelperAlive } from "../../helper/state/files/is-helper-alive.ts";
import type { Settings } from "../../helper/state/files/settings.ts";
import { readSettings } from "../../helper/state/files/settings-store.ts";
import type { Status } from "../../helper/state/files/status.ts";
import { readStatus } from "../../helper/state/files/status-store.ts";
import type { StatePaths } from "../../helper/state/state-paths.ts";
import { problemOf, type Problem } from "../words/problem.ts";
import { exists } from "./overview.ts";

/** What View Failures knows: a list, that there never was one, or that it could not be read. */
export type FailuresState =
  | { kind: "read"; file: FailuresFile; status?: Status; settings?: Settings; isAlive: boolean }
  | { kind: "never-written" }
  | { kind: "unreadable"; problem: Problem };

/** Reads failures.json and, to say how things stand beside it, the status. Never rejects. */
export async function readFailuresState(paths: StatePaths): Promise<FailuresState> {
  try {
    const file = await readFailures(paths);
    if (!file) return (await exists(paths.failures)) ? unreadable() : { kind: "never-written" };
    const status = await readStatus(paths).catch(() => undefined);
    const settings = await readSettings(paths).catch(() => undefined);
    const isAlive = status !== undefined && isHelperAlive(status);
    return { kind: "read", file, isAlive, ...(status && { status }), ...(settings && { settings }) };
  } catch (error) {
    return { kind: "unreadable", problem: problemOf(error) };
  }
}

function unreadable(): FailuresState {
  return {
    kind: "unreadable",
    problem: {
      code: "failures-unreadable",
      title: "Failures Not Readable",
      what: "The list of failures is damaged, so it is not known what failed.",
      mend: "A running helper soon writes a new one.",
    },
  };
}
