import { BackupError } from "../state/errors/backup-error.ts";
import type { Destination } from "../state/files/destination.ts";
import { ensureStateDirs } from "../state/files/ensure-state-dirs.ts";
import { writeRequest } from "../state/files/request-store.ts";
import { openLedger } from "../state/ledger/open-ledger.ts";
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
    } finally {
      await ledger.close();
    }
    return "ledger";
  } finally {
    await lock.release();
  }
}
