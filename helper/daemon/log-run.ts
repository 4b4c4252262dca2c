import type { Logger } from "pino";
import type { RunSummary } from "../backup/run-summary.ts";
import type { Failure } from "../state/files/failures.ts";
import { fileId } from "./daemon-log.ts";
import { loggableSummary } from "./loggable-summary.ts";

/** Photos that failed are named in the log, by their id, up to so many a run. */
const failuresLoggedMost = 100;

/** What a run came to, for the log: counts, and ids that tell photos apart. */
export function logRun(log: Logger, summary: RunSummary, failures: readonly [string, Failure][]): void {
  for (const [path, { code, attempts }] of failures.slice(0, failuresLoggedMost)) {
    log.warn({ photo: fileId(path), code, attempts }, "not backed up");
  }
  log.info(loggableSummary(summary), "a backup ended");
}
