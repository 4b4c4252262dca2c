import type { BackupError } from "../state/errors/backup-error.ts";
import type { Outage } from "./destination-gate.ts";

export interface FolderProgress {
  path: string;
  label: string;
  /** "ok", or the reason code that keeps it from being read. */
  state: string;
  onDisk: number;
  backedUp: number;
}

/** A folder, or a folder inside one, that could not be read. */
export interface UnreadableFolder {
  path: string;
  error: BackupError;
}

/**
 * What a run does between photos, where that may take long:
 * - `asking`: the bucket is opened, probed and listed, and its catalogues are read
 * - `settling`: new files may still be written
 * - `retrying`: the wait before failed photos are tried again
 * - `cataloguing`: the catalogue in the bucket is brought up to date
 */
export type RunStep = "asking" | "settling" | "retrying" | "cataloguing";

/** What a run has found and done so far; read by the status file and the progress bar, written by the run alone. */
export interface RunProgress {
  phase: "scanning" | "uploading" | "done";
  step?: RunStep;
  startedAt: number;
  scanned: number;
  alreadyBackedUp: number;
  /** Of `alreadyBackedUp`, in this run: their bytes are in another photo's object. */
  duplicates: number;
  uploaded: number;
  conflicts: number;
  failed: number;
  deferred: number;
  /** Photos known to need the bucket, not yet done. */
  waiting: number;
  waitingBytes: number;
  bytesUploaded: number;
  leftAlone: Record<string, number>;
  unreadableFolders: UnreadableFolder[];
  folders: FolderProgress[];
  current?: { path: string; sizeBytes: number; sentBytes: number; startedAt: number };
  outage?: Outage;
  lastUpload?: number;
  /** When the scan had seen everything. */
  scannedAt?: number;
}

export function newRunProgress(now: number): RunProgress {
  return {
    phase: "scanning",
    startedAt: now,
    scanned: 0,
    alreadyBackedUp: 0,
    duplicates: 0,
    uploaded: 0,
    conflicts: 0,
    failed: 0,
    deferred: 0,
    waiting: 0,
    waitingBytes: 0,
    bytesUploaded: 0,
    leftAlone: {},
    unreadableFolders: [],
    folders: [],
  };
}
