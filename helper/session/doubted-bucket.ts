import type { Clock } from "../backup/clock.ts";
import type { DestinationGate } from "../backup/destination-gate.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { Destination } from "../state/files/destination.ts";
import { noteVerification, readVerification } from "../state/files/verification-store.ts";
import type { Ledger } from "../state/ledger/ledger.ts";
import type { StatePaths } from "../state/state-paths.ts";
import { expectedObjects } from "../verify/expected-object.ts";
import { markLost } from "../verify/mark-lost.ts";
import { proofOf } from "../verify/proof-of.ts";
import { VerifyRun } from "../verify/verify-run.ts";

interface Doubted {
  paths: StatePaths;
  destination: Destination;
  ledger: Ledger;
  clock: Clock;
}

interface Asking {
  openStore: () => Promise<ObjectStore>;
  gate: DestinationGate;
  signal: AbortSignal;
}

/** A bucket that is gone may be made anew, empty, and the ledger would still have every photo that was in the old one. */
export async function doubtMissingBucket(error: unknown, doubted: Doubted): Promise<void> {
  const { paths, destination, ledger, clock } = doubted;
  if (!(error instanceof BackupError) || error.code !== "bucket-missing" || ledger.size === 0) return;
  const nothing = { presence: undefined, reading: undefined };
  await noteVerification(paths, destination, { ...nothing, doubtedSince: new Date(clock.now()).toISOString() });
}

/**
 * Compares a doubted bucket with the ledger before a run believes what is on record (invariant 1). What is gone is marked,
 * so that the run sends it again.
 * @throws BackupError what keeps it from being compared: the doubt stays then
 */
export async function settleDoubt(doubted: Doubted, { openStore, gate, signal }: Asking): Promise<void> {
  const { paths, destination, ledger, clock } = doubted;
  const known = await readVerification(paths, destination);
  if (known?.doubtedSince === undefined || ledger.size === 0) return;
  const expected = expectedObjects(ledger.entries());
  const run = new VerifyRun({
    store: await openStore(),
    ...{ gate, clock, expected, signal, prefix: destination.prefix, photos: ledger.size },
    isKnown: (key) => expected.has(key),
    isListed: true,
    headsMost: Number.POSITIVE_INFINITY,
    seed: known.doubtedSince,
    readPercent: 0,
  });
  for await (const step of run.steps()) void step;
  signal.throwIfAborted();
  markLost(ledger, run.summary.findings, clock.now());
  await noteVerification(paths, destination, proofOf(run.summary, clock.now()));
}
