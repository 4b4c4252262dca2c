import { BackupError } from "../state/errors/backup-error.ts";
import type { Destination } from "../state/files/destination.ts";
import { ensureStateDirs } from "../state/files/ensure-state-dirs.ts";
import { readFailures, writeFailures } from "../state/files/failures-store.ts";
import type { Failure } from "../state/files/failures.ts";
import { writeRequest } from "../state/files/request-store.ts";
import type { StatePaths } from "../state/state-paths.ts";
import { openLedger } from "../state/ledger/open-ledger.ts";
import { failuresFileOf } from "../session/failures-file-of.ts";
import { acquireLock } from "../state/lock/acquire-lock.ts";
import { markLost } from "../verify/mark-lost.ts";
import type { Finding } from "../verify/verify-summary.ts";
import type { CliContext } from "./cli-context.ts";

/**
 * Sees to it that lost photos are sent again: marks them in the ledger, or, where a helper runs and the ledger is its own,
 * asks it to look for itself.
 */
export async function noteLosses(
  findings: readonly Finding[],
  destination: Destination,
  { paths, now }: Pick<CliContext, "paths" | "now">,
): Promise<"ledger" | "helper" | "none"> {
  const lost = findings.filter(({ verdict, isEarlier }) => verdict !== "unproved" && !isEarlier);
  if (lost.length === 0) return "none";
  await ensureStateDirs(paths);
  const lock = await acquireLock(paths.helperLock).catch((error: unknown) => {
    if (error instanceof BackupError && error.code === "another-helper-runs") return undefined;
    throw error;
  });
  if (!lock) {
    await writeRequest(paths, { kind: "verify", paths: lost.flatMap((finding) => finding.paths) });
    return "helper";
  }
  try {
    const ledger = await openLedger(paths, destination, { verifyOwnership: () => lock.verify() });
    try {
      markLost(ledger, lost, now());
      await showLosses(paths, ledger.failures(), now());
    } finally {
      await ledger.close();
    }
    return "ledger";
  } finally {
    await lock.release();
  }
}

/** Raycast's commands read it, and no helper runs that would write it. What held the last run holds it still. */
async function showLosses(paths: StatePaths, failures: Iterable<[string, Failure]>, now: number): Promise<void> {
  const { causes = [] } = (await readFailures(paths)) ?? {};
  await writeFailures(paths, {
    ...failuresFileOf({ failures, progress: undefined, stoppedBy: undefined, now }),
    causes,
  });
}
