import type PQueue from "p-queue";
import type { BackupError } from "../state/errors/backup-error.ts";
import type { BucketView } from "./bucket-view.ts";
import type { ScannedFolder } from "./candidate.ts";
import type { Clock } from "./clock.ts";
import type { DestinationGate } from "./destination-gate.ts";
import type { FileSystem } from "./file-system.ts";
import type { LedgerPort } from "./ledger-port.ts";
import type { LargeFileLimits } from "./multipart/plan-parts.ts";
import type { UploadIntents } from "./multipart/upload-intent.ts";
import type { ObjectStore } from "./object-store.ts";
import type { RunProgress } from "./run-progress.ts";

/** What one backup of some folders is given: where from, where to, and what the person asked for. */
export interface BackupRunOptions {
  /** Opened at the first photo that needs it, so that a run with nothing to do needs no key and no network. */
  openStore: () => Promise<ObjectStore>;
  ledger: LedgerPort;
  fs: FileSystem;
  clock: Clock;
  gate: DestinationGate;
  bodies: PQueue;
  /** Uploads in parts that outlive this process. */
  intents: UploadIntents;
  /** Smaller ones, for tests. */
  largeFiles?: LargeFileLimits;
  prefix: string;
  folders: ScannedFolder[];
  /** Every chosen folder is among `folders`: only such a run may say when the last backup was. */
  coversEverything: boolean;
  /** The person asks: photos that failed before are tried at once. */
  retryAll: boolean;
  /** Photos to try at once although they failed before. */
  retryPaths: ReadonlySet<string>;
  /** Photos to back up although they look broken. */
  anywayPaths: ReadonlySet<string>;
  /** Read every photo's bytes again, those too that look unchanged. */
  rehash?: boolean;
  /** No new photo is begun. */
  stopping: AbortSignal;
  /** The body on the wire is given up. */
  aborting: AbortSignal;
  onProgress?: (progress: RunProgress) => void;
  /** Called once a run, at the first photo that needs the bucket; undefined where asking for each key is cheaper. */
  openBucketView?: (
    store: ObjectStore,
    pendingPhotos: number,
    stopping: AbortSignal,
  ) => Promise<BucketView | undefined>;
  /** Brings the catalogue in the bucket up to date. @returns what kept it from that; the backup is not complete then */
  finishCatalogue?: (openStore: () => Promise<ObjectStore>) => Promise<BackupError | undefined>;
}
