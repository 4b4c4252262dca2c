/** What `backup` did, as its `--json` prints it. Anything in failed, deferred or unreadableFolders means exit 1. */
export interface RunSummary {
  /** Photos on disk in the scanned folders. */
  scanned: number;
  uploaded: number;
  /** In the ledger already, or found in the bucket and proved equal. */
  alreadyBackedUp: number;
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
  requests: number;
  elapsedMs: number;
}
