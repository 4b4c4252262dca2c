import type { RunProgress } from "./run-progress.ts";

/** What `backup` did, as its `--json` prints it. Anything in failed, deferred, unreadableFolders or catalogueError means exit 1. */
export interface RunSummary {
  /** Photos on disk in the scanned folders. */
  scanned: number;
  uploaded: number;
  /** In the ledger already, or found in the bucket and proved equal. */
  alreadyBackedUp: number;
  /** Of these, in this run: recorded without an upload, since another photo's object holds the same bytes. */
  duplicates: number;
  /** Photos kept beside a different object that holds the key they wanted. */
  conflicts: number;
  failed: number;
  deferred: number;
  unreadableFolders: string[];
  /** Other files, by extension. */
  leftAlone: Record<string, number>;
  bytesUploaded: number;
  /** Reason code of what kept the catalogue in the bucket from being brought up to date. */
  catalogueError?: string;
  /** Uploads in parts of ours that the access key may not abort; absent when there are none. They cost money, no photo. */
  uploadsLeftOpen?: number;
  requests: number;
  elapsedMs: number;
}

interface RunFigures {
  requests: number;
  elapsedMs: number;
  catalogueError: string | undefined;
  uploadsLeftOpen: number;
}

/** What a run has done, from its progress at the end. */
export function summaryOf(progress: RunProgress, run: RunFigures): RunSummary {
  const { catalogueError, uploadsLeftOpen, ...figures } = run;
  const { scanned, uploaded, alreadyBackedUp, duplicates, conflicts, failed, deferred } = progress;
  return {
    ...{ scanned, uploaded, alreadyBackedUp, duplicates, conflicts, failed, deferred },
    unreadableFolders: progress.unreadableFolders.map((folder) => folder.path),
    leftAlone: progress.leftAlone,
    bytesUploaded: progress.bytesUploaded,
    ...(catalogueError ? { catalogueError } : {}),
    ...(uploadsLeftOpen > 0 ? { uploadsLeftOpen } : {}),
    ...figures,
  };
}

/** Every photo of the scanned folders is in the bucket. */
export function isComplete(summary: RunSummary): boolean {
  const { scanned, uploaded, alreadyBackedUp, failed, deferred, unreadableFolders } = summary;
  if (failed > 0 || deferred > 0 || unreadableFolders.length > 0) return false;
  return uploaded + alreadyBackedUp === scanned;
}
