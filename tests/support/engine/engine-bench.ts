import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import PQueue from "p-queue";
import { expect, onTestFinished } from "vitest";
import { BackupRun } from "../../../helper/backup/backup-run.ts";
import type { BackupRunOptions } from "../../../helper/backup/backup-run-options.ts";
import type { ScannedFolder } from "../../../helper/backup/candidate.ts";
import { DestinationGate } from "../../../helper/backup/destination-gate.ts";
import type { RunSummary } from "../../../helper/backup/run-summary.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import type { Destination } from "../../../helper/state/files/destination.ts";
import type { UploadIntents } from "../../../helper/backup/multipart/upload-intent.ts";
import { openUploadIntents } from "../../../helper/state/files/open-upload-intents.ts";
import type { StatePaths } from "../../../helper/state/state-paths.ts";
import type { Ledger } from "../../../helper/state/ledger/ledger.ts";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import type { StoreBehavior } from "../loopback-s3/loopback-options.ts";
import { startLoopbackS3, type LoopbackS3 } from "../loopback-s3/start-loopback-s3.ts";
import { tempState } from "../state/temp-state.ts";
import { faultyFileSystem, type DiskHooks } from "./faulty-file-system.ts";
import { FakeClock } from "./fake-clock.ts";

export const bucket = "photos-of-mine";

/** A real folder, a real ledger, the S3 adapter on a loopback store, and a clock that jumps instead of waiting. */
export interface EngineBench {
  s3: LoopbackS3;
  ledger: Ledger;
  /** Uploads in parts that were not completed. */
  intents: UploadIntents;
  paths: StatePaths;
  clock: FakeClock;
  destination: Destination;
  /** The chosen folder; its label is "Pictures". */
  folder: string;
  hooks: DiskHooks;
  store: S3ObjectStore;
  stopping: AbortController;
  aborting: AbortController;
  /** The progress of the newest run. */
  progress(): BackupRun["progress"];
  /** Writes a photo of these bytes, some of its own by default. @returns its path */
  photo(relativePath: string, content?: Uint8Array | string): string;
  /** One run; afterwards its counts are checked to add up. */
  run(options?: Partial<BackupRunOptions>): Promise<RunSummary>;
  /** The object of a key under `photos/Pictures/`, as text of its bytes' SHA-256. */
  stored(relativeKey: string): Promise<string | undefined>;
}

export function sha256Of(content: Uint8Array | string): string {
  return createHash("sha256").update(content).digest("hex");
}

export async function engineBench(
  options: { behavior?: Partial<StoreBehavior>; deniedActions?: string[] } = {},
): Promise<EngineBench> {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: [bucket], ...options });
  const root = mkdtempSync(join(tmpdir(), "photolala-engine-"));
  const folder = join(root, "Pictures");
  mkdirSync(folder);
  const destination = { endpoint: s3.endpoint, region: s3.region, bucket, prefix: "photos" };
  const paths = await tempState();
  const ledger = await openLedger(paths, destination);
  const intents = await openUploadIntents(paths, destination);
  const store = new S3ObjectStore({ destination, credentials: async () => s3.credentials });
  onTestFinished(async () => {
    store.close();
    await ledger.close().catch(() => undefined);
    await s3.close();
    rmSync(root, { recursive: true, force: true });
  });
  return benchOf({ s3, ledger, intents, paths, destination, folder, store });
}

type Given = Pick<EngineBench, "s3" | "ledger" | "intents" | "paths" | "destination" | "folder" | "store">;

function benchOf(given: Given): EngineBench {
  const { s3, ledger, intents, folder, store, destination } = given;
  // An hour ahead, so that every file written by the test has settled.
  const clock = new FakeClock(Date.now() + 3_600_000);
  const hooks: DiskHooks = {};
  const stopping = new AbortController();
  const aborting = new AbortController();
  const chosen: ScannedFolder = { path: folder, root: folder, label: "Pictures" };
  let newest: BackupRun;
  return {
    ...given,
    ...{ clock, hooks, stopping, aborting },
    progress: () => newest.progress,
    photo(relativePath, content = `photo ${relativePath}`) {
      const path = join(folder, relativePath);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    async run(overrides = {}) {
      newest = new BackupRun({
        openStore: async () => store,
        ledger,
        fs: faultyFileSystem(hooks),
        clock,
        gate: new DestinationGate({ clock, random: () => 0, patienceMs: 300_000 }),
        bodies: new PQueue({ concurrency: 1 }),
        intents,
        prefix: destination.prefix,
        folders: [chosen],
        coversEverything: true,
        retryAll: false,
        retryPaths: new Set(),
        anywayPaths: new Set(),
        stopping: stopping.signal,
        aborting: aborting.signal,
        onProgress: expectCountsAddUp,
        ...overrides,
      });
      const summary = await newest.run();
      expectCountsAddUp(newest.progress);
      expect(newest.progress).toMatchObject({ waiting: 0, waitingBytes: 0 });
      return summary;
    },
    async stored(relativeKey) {
      const key = `photos/Pictures/${relativeKey}`;
      return s3.object(bucket, key) ? sha256Of(await s3.readObject(bucket, key)) : undefined;
    },
  };
}

/** Every photo on disk is in exactly one of backed up, waiting, failed and deferred, at every moment. */
export function expectCountsAddUp(progress: BackupRun["progress"]): void {
  const { scanned, alreadyBackedUp, uploaded, failed, deferred, waiting, folders } = progress;
  const counts = { scanned, alreadyBackedUp, uploaded, failed, deferred, waiting };
  expect(alreadyBackedUp + uploaded + failed + deferred + waiting, JSON.stringify(counts)).toBe(scanned);
  expect(folders.reduce((sum, folder) => sum + folder.onDisk, 0)).toBe(scanned);
  expect(folders.reduce((sum, folder) => sum + folder.backedUp, 0)).toBe(alreadyBackedUp + uploaded);
  expect(Math.min(...Object.values(counts))).toBeGreaterThanOrEqual(0);
}

/** Gives a file a modification time of its own, as an edit would. */
export function touch(path: string, at: Date): void {
  utimesSync(path, at, at);
}
