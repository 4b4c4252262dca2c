import { processStartTime } from "../state/lock/process-start-time.ts";
import type { HelperIdentity } from "./status-of.ts";

/** Who writes the status: this process, told apart from a later one with the same pid. */
export function helperIdentity(
  mode: HelperIdentity["mode"],
  about: { version: string; now: () => number },
): HelperIdentity {
  return {
    mode,
    helperVersion: about.version,
    pid: process.pid,
    processStartTime: processStartTime(process.pid) ?? "",
    startedAt: about.now(),
  };
}
