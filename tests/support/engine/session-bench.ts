import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import type { RunSummary } from "../../../helper/backup/run-summary.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { BackupSession } from "../../../helper/session/backup-session.ts";
import { StatusPublisher } from "../../../helper/session/status-publisher.ts";
import type { StatePaths } from "../../../helper/state/state-paths.ts";
import type { StoreBehavior } from "../loopback-s3/loopback-options.ts";
import { startLoopbackS3, type LoopbackS3 } from "../loopback-s3/start-loopback-s3.ts";
import { tempState } from "../state/temp-state.ts";
import { FakeClock } from "./fake-clock.ts";

export const sessionBucket = "photos-of-mine";

type Opening = Parameters<typeof BackupSession.open>[0];

/** Whole sessions on a loopback store: a folder of photos, a state of its own, and others that a test asks for. */
export interface SessionBench {
  s3: LoopbackS3;
  folder: string;
  paths: StatePaths;
  clock: FakeClock;
  publisher: StatusPublisher;
  damaged: string[];
  photo(relativePath: string, content?: Uint8Array | string): string;
  /** What `open` opens the store with. */
  openStore: Opening["openStore"];
  open(changes?: Partial<Opening>): Promise<BackupSession>;
  /** Opens a session, runs it once, closes it. */
  backUp(options?: { paths?: StatePaths; folder?: string }): Promise<RunSummary>;
  runOf(folder?: string): Parameters<BackupSession["run"]>[0];
  /** Keys of the catalogue's objects, in order. */
  pieces(): string[];
}

export async function sessionBench(behavior: Partial<StoreBehavior> = {}): Promise<SessionBench> {
  const s3 = await startLoopbackS3({
    ...{ accessKeyId: "key", secretAccessKey: "secret", buckets: [sessionBucket], behavior },
  });
  const root = mkdtempSync(join(tmpdir(), "photolala-session-"));
  const folder = join(root, "Pictures");
  mkdirSync(folder);
  onTestFinished(async () => {
    await s3.close();
    rmSync(root, { recursive: true, force: true });
  });
  const ownPaths = await tempState();
  const clock = new FakeClock(Date.now() + 3_600_000);
  const destination = { endpoint: s3.endpoint, region: s3.region, bucket: sessionBucket, prefix: "photos" };
  const damaged: string[] = [];
  const identity = {
    mode: "cli",
    helperVersion: "1",
    pid: process.pid,
    processStartTime: "then",
    startedAt: 0,
  } as const;
  const publisher = new StatusPublisher({
    ...{ paths: ownPaths, identity, now: () => clock.now() },
    published: { activity: "starting", requestCount: () => 0, failures: () => [] },
  });
  const runOf = (path = folder): Parameters<BackupSession["run"]>[0] => ({
    folders: [{ path, root: path, label: "Pictures" }],
    ...{ coversEverything: true, retryAll: true, retryPaths: new Set<string>(), anywayPaths: new Set<string>() },
    ...{ stopping: new AbortController().signal, aborting: new AbortController().signal },
  });
  const openStore = async () => {
    const store = new S3ObjectStore({ destination, credentials: async () => s3.credentials });
    store.conditionalWrites = "honored";
    return store;
  };
  const open: SessionBench["open"] = (changes = {}) =>
    BackupSession.open({
      ...{ paths: ownPaths, destination, publisher, patienceMs: 0, clock, verifyOwnership: () => undefined, openStore },
      onDamagedPiece: (key) => damaged.push(key),
      ...changes,
    });
  return {
    ...{ s3, folder, paths: ownPaths, clock, publisher, damaged, openStore, open, runOf },
    photo(relativePath, content = `photo ${relativePath}`) {
      const path = join(folder, relativePath);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    async backUp({ paths, folder: other } = {}) {
      const session = await open(paths ? { paths } : {});
      try {
        return await session.run(runOf(other));
      } finally {
        await session.close();
      }
    },
    pieces: () =>
      s3
        .objects(sessionBucket)
        .map(({ key }) => key)
        .filter((key) => key.includes("/.photolala/")),
  };
}

/** What a person finds with gunzip and a JSON parser: every line, the later ones about a path in place of the earlier. */
export async function readByHand(
  pieces: readonly string[],
  read: (key: string) => Promise<Buffer>,
): Promise<Map<string, Record<string, unknown>>> {
  const byPath = new Map<string, Record<string, unknown>>();
  for (const key of [...pieces].sort()) {
    for (const text of gunzipSync(await read(key))
      .toString()
      .trimEnd()
      .split("\n")) {
      const line = JSON.parse(text) as Record<string, unknown>;
      if (typeof line.path === "string") byPath.set(line.path, line);
    }
  }
  return byPath;
}
