import { BackupError } from "../state/errors/backup-error.ts";
import type { Destination } from "../state/files/destination.ts";
import { noteVerification } from "../state/files/verification-store.ts";
import { proofOf } from "../verify/proof-of.ts";
import type { VerifySummary } from "../verify/verify-summary.ts";
import type { CliContext } from "./cli-context.ts";
import { noteLosses } from "./note-losses.ts";

interface Found {
  summary: VerifySummary;
  destination: Destination;
  /** Ended by a signal: nothing of it is written down. */
  isPartial: boolean;
  /** Proves something of the whole backup. */
  isWhole: boolean;
}

interface WrittenDown {
  noted: "ledger" | "helper" | "none";
  /** What kept our own files from being written: what was found is told all the same, it may have taken hours. */
  unwritten?: BackupError;
}

/** Keeps what a verification found, for `status` and the next backup. */
export async function writeDownFindings(
  { summary, destination, isPartial, isWhole }: Found,
  context: Pick<CliContext, "paths" | "now">,
): Promise<WrittenDown> {
  if (isPartial) return { noted: "none" };
  try {
    if (isWhole) await noteVerification(context.paths, destination, proofOf(summary, context.now()));
    return { noted: await noteLosses(summary.findings, destination, context) };
  } catch (error) {
    if (!(error instanceof BackupError) || error.reason.scope !== "state") throw error;
    return { noted: "none", unwritten: error };
  }
}
