/** One backup in a process of its own, so that it can be killed for real: `run-worker.ts JSON`, see `KilledRun`. */
import type { ScannedFolder } from "../../../helper/backup/candidate.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { BackupSession } from "../../../helper/session/backup-session.ts";
import { StatusPublisher } from "../../../helper/session/status-publisher.ts";
import type { Destination } from "../../../helper/state/files/destination.ts";
import { FakeClock } from "../../support/engine/fake-clock.ts";
import { statePathsAt } from "../../support/state/state-paths-at.ts";

import { largeFiles } from "./large-files.ts";

export interface KilledRun {
  stateDir: string;
  destination: Destination;
  credentials: { accessKeyId: string; secretAccessKey: string };
  folders: ScannedFolder[];
  now: number;
}

const { stateDir, destination, credentials, folders, now } = JSON.parse(process.argv[2] ?? "") as KilledRun;
const paths = statePathsAt(stateDir);
const clock = new FakeClock(now);
const identity = { mode: "daemon", helperVersion: "1", pid: process.pid, processStartTime: "then" } as const;
const session = await BackupSession.open({
  paths,
  destination,
  openStore: async () => new S3ObjectStore({ destination, credentials: async () => credentials }),
  publisher: new StatusPublisher({
    paths,
    identity: { ...identity, startedAt: now },
    published: { activity: "starting", requestCount: () => 0, failures: () => [] },
    now: () => clock.now(),
  }),
  patienceMs: 300_000,
  verifyOwnership: () => undefined,
  clock,
  largeFiles,
});
const never = new AbortController().signal;
await session.run({
  folders,
  coversEverything: true,
  retryAll: true,
  retryPaths: new Set(),
  anywayPaths: new Set(),
  stopping: never,
  aborting: never,
});
await session.close();
