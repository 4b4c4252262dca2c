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
  requests: number;
  elapsedMs: number;
}
