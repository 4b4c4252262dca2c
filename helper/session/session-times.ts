import type { RunProgress } from "../backup/run-progress.ts";
import type { Destination } from "../state/files/destination.ts";
import { destinationId } from "../state/files/destination-id.ts";
import { readFailures } from "../state/files/failures-store.ts";
import { readStatus } from "../state/files/status-store.ts";
import type { StatePaths } from "../state/state-paths.ts";
import { countsAndFolders } from "./status-of.ts";
import type { Published } from "./status-publisher.ts";

type Ledger = { readonly lastBackup: string | undefined };

/** Shows what a run has reached so far. */
export function publishTimes(published: Published, ledger: Ledger, progress: RunProgress): void {
  if (ledger.lastBackup) published.lastBackup = ledger.lastBackup;
  if (progress.scannedAt) published.lastScan = new Date(progress.scannedAt).toISOString();
  if (progress.lastUpload) published.lastUpload = new Date(progress.lastUpload).toISOString();
}

/** Keeps the counts of the scan before, to be shown until the next one has counted. */
export function keepEarlierCounts(published: Published): void {
  if (published.progress?.scannedAt === undefined) return;
  published.earlier = countsAndFolders(published.progress);
}

/** What an earlier helper wrote of its last scan and upload stays true, as long as it was for this destination. */
export async function takeOverTimes(
  published: Published,
  ledger: Ledger,
  { paths, destination }: { paths: StatePaths; destination: Destination },
): Promise<void> {
  if (ledger.lastBackup) published.lastBackup = ledger.lastBackup;
  // A newer helper's status and failures are not ours to write over (invariant 10), so these throw "newer-schema".
  const earlier = await readStatus(paths);
  await readFailures(paths);
  if (!earlier?.destination || destinationId(earlier.destination) !== destinationId(destination)) return;
  published.earlier = { counts: earlier.counts, folders: earlier.folders };
  if (earlier.lastScan) published.lastScan = earlier.lastScan;
  if (earlier.lastUpload) published.lastUpload = earlier.lastUpload;
}
