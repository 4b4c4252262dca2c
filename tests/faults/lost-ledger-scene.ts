import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { RunSummary } from "../../helper/backup/run-summary.ts";
import { S3ObjectStore } from "../../helper/s3/s3-object-store.ts";
import { BackupSession } from "../../helper/session/backup-session.ts";
import { StatusPublisher } from "../../helper/session/status-publisher.ts";
import { BackupError } from "../../helper/state/errors/backup-error.ts";
import type { StatePaths } from "../../helper/state/state-paths.ts";
import { FakeClock } from "../support/engine/fake-clock.ts";
import { startLoopbackS3, type LoopbackS3 } from "../support/loopback-s3/start-loopback-s3.ts";
import { tempState } from "../support/state/temp-state.ts";
import { shortLimits } from "./short-limits.ts";

const bucket = "photos-of-mine";

/** Enough that one listing and the catalogue cost less than asking for each. */
const photos = 60;

export interface LostLedgerScene {
  s3: LoopbackS3;
  /** One backup with a state that knows nothing. @returns what it came to, or what stopped it */
  run(): Promise<RunSummary | BackupError>;
  /** Photos that were sent since the state was lost. */
  photosSentAgain(): number;
}

/** Photos and their catalogue in the bucket, and all state of this computer gone. */
export async function lostLedgerScene(): Promise<LostLedgerScene> {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: [bucket] });
  const folder = join(mkdtempSync(join(tmpdir(), "photolala-lost-ledger-")), "Pictures");
  mkdirSync(folder);
  onTestFinished(async () => {
    await s3.close();
    rmSync(folder, { recursive: true, force: true });
  });
  for (let index = 0; index < photos; index += 1) writeFileSync(join(folder, `${index}.jpg`), `photo ${index}`);
  const clock = new FakeClock(Date.now() + 3_600_000);
  const first = await runOnce({ s3, folder, clock, paths: await tempState() });
  if (first instanceof BackupError) throw first;
  s3.log.clear();
  const paths = await tempState();
  return {
    s3,
    run: () => runOnce({ s3, folder, clock, paths }),
    photosSentAgain: () =>
      s3.requests.filter(({ operation, key }) => operation === "PutObject" && !key?.includes("/.photolala/")).length,
  };
}

interface Run {
  s3: LoopbackS3;
  folder: string;
  clock: FakeClock;
  paths: StatePaths;
}

async function runOnce({ s3, folder, clock, paths }: Run): Promise<RunSummary | BackupError> {
  const destination = { endpoint: s3.endpoint, region: s3.region, bucket, prefix: "photos" };
  const identity = {
    mode: "cli",
    helperVersion: "1",
    pid: process.pid,
    processStartTime: "then",
    startedAt: 0,
  } as const;
  const publisher = new StatusPublisher({
    ...{ paths, identity, now: () => clock.now() },
    published: { activity: "starting", requestCount: () => 0, failures: () => [] },
  });
  const session = await BackupSession.open({
    ...{ paths, destination, publisher, clock, patienceMs: 3_600_000, verifyOwnership: () => undefined },
    openStore: async () => {
      const store = new S3ObjectStore({ destination, credentials: async () => s3.credentials, limits: shortLimits });
      store.conditionalWrites = "honored";
      return store;
    },
  });
  try {
    return await session.run({
      folders: [{ path: folder, root: folder, label: "Pictures" }],
      ...{ coversEverything: true, retryAll: true, retryPaths: new Set<string>(), anywayPaths: new Set<string>() },
      ...{ stopping: new AbortController().signal, aborting: new AbortController().signal },
    });
  } catch (error) {
    if (error instanceof BackupError) return error;
    throw error;
  } finally {
    await session.close();
  }
}
