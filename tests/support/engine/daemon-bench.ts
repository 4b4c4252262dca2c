import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import pino from "pino";
import { onTestFinished } from "vitest";
import type { CliContext } from "../../../helper/cli/cli-context.ts";
import { grantConsent } from "../../../helper/cli/grant-consent.ts";
import { Daemon } from "../../../helper/daemon/daemon.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { ensureStateDirs } from "../../../helper/state/files/ensure-state-dirs.ts";
import { updateSettings } from "../../../helper/state/files/settings-store.ts";
import { readStatus } from "../../../helper/state/files/status-store.ts";
import type { Status } from "../../../helper/state/files/status.ts";
import { acquireLock } from "../../../helper/state/lock/acquire-lock.ts";
import { statePaths } from "../../../helper/state/state-paths.ts";
import { startLoopbackS3 } from "../loopback-s3/start-loopback-s3.ts";

const key = { accessKeyId: "key", secretAccessKey: "secret" };

/** A daemon in this process, with a loopback S3 and a folder of photos. */
export async function daemonBench() {
  const dir = mkdtempSync(join(tmpdir(), "photolala-daemon-"));
  const photos = join(dir, "Pictures");
  mkdirSync(photos);
  const s3 = await startLoopbackS3({ ...key, buckets: ["first", "second"] });
  const paths = statePaths({ env: { PHOTOLALA_STATE_DIR: join(dir, "state") }, platform: "linux", homeDir: dir });
  await ensureStateDirs(paths);
  const ending = new AbortController();
  const stderr = new PassThrough();
  const context: CliContext = {
    ...{ paths, env: {}, cwd: dir, version: "0.0.0", bundlePath: "", now: Date.now, interrupted: ending.signal },
    ...{ stdin: new PassThrough(), stdout: new PassThrough(), stderr },
    parts: {
      openStore: async (destination, options) =>
        new S3ObjectStore({ destination, credentials: async () => key, ...options }),
      listBuckets: async () => [],
      probeBucket: () => Promise.reject(new Error("not probed")),
      runDaemon: async () => 0,
    },
  };
  onTestFinished(async () => {
    ending.abort();
    await s3.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const destination = (bucket: string) => ({ endpoint: s3.endpoint, region: s3.region, bucket, prefix: "photos" });
  const agree = (bucket: string) => grantConsent(context, destination(bucket), false, { makeDefault: true });
  const choose = () =>
    updateSettings(paths, (settings) => ({
      ...settings,
      folders: [{ path: photos, label: "Pictures", addedAt: new Date().toISOString() }],
    }));
  /** Resolves with the first status, from now on, that is as wished. */
  const statusThat = (isWished: (status: Status) => boolean) =>
    new Promise<Status>((resolve) => {
      const look = async () => {
        const status = await readStatus(paths).catch(() => undefined);
        if (!status || !isWished(status)) return;
        watcher.close();
        resolve(status);
      };
      const watcher = watch(paths.stateDir, () => void look());
      void look();
    });
  /** The daemon itself, with its log in memory and parts that a test gives. */
  const start = async (
    given: Partial<Omit<ConstructorParameters<typeof Daemon>[0], "context">> & { now?: () => number } = {},
  ) => {
    const { now = context.now, ...parts } = given;
    const lock = await acquireLock(paths.helperLock);
    const logged: { msg: string; reason?: string }[] = [];
    const log = pino({}, { write: (line: string) => void logged.push(JSON.parse(line)) });
    const ended = new Daemon({ context: { ...context, now }, log, lock, ...parts }).run().finally(() => lock.release());
    const end = async () => {
      ending.abort();
      await ended;
    };
    return { ended, end, logged, times: (msg: string) => logged.filter((line) => line.msg === msg).length };
  };
  return { start, context, photos, s3, paths, ending, stderr, agree, choose, statusThat };
}
