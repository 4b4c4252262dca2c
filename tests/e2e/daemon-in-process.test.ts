import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { watch } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { expect, it, onTestFinished } from "vitest";
import type { CliContext } from "../../helper/cli/cli-context.ts";
import { grantConsent } from "../../helper/cli/grant-consent.ts";
import { runDaemon } from "../../helper/daemon/run-daemon.ts";
import { S3ObjectStore } from "../../helper/s3/s3-object-store.ts";
import { ensureStateDirs } from "../../helper/state/files/ensure-state-dirs.ts";
import { updateSettings } from "../../helper/state/files/settings-store.ts";
import { readStatus } from "../../helper/state/files/status-store.ts";
import type { Status } from "../../helper/state/files/status.ts";
import { statePaths } from "../../helper/state/state-paths.ts";
import { startLoopbackS3 } from "../support/loopback-s3/start-loopback-s3.ts";

const key = { accessKeyId: "key", secretAccessKey: "secret" };

/** A daemon in this process, with a loopback S3 and a folder of photos. */
async function daemonWorld() {
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
  return { context, photos, s3, paths, ending, stderr, agree, choose, statusThat };
}

it("idles and says why, backs up when it may, follows the folder and the destination, and ends when asked", async () => {
  const { context, photos, s3, paths, ending, agree, choose, statusThat } = await daemonWorld();
  writeFileSync(join(photos, "one.jpg"), "one");
  const daemon = runDaemon(context);
  await statusThat(({ health, activity }) => health.code === "no-destination" && activity === "idle");

  await agree("first");
  await statusThat(({ health }) => health.code === "no-folders");
  expect(s3.requests).toHaveLength(0);

  await choose();
  await statusThat(({ counts, activity }) => counts.backedUp === 1 && activity === "idle");
  const isPhoto = ({ key }: { key: string }) => !key.includes("/.photolala/");
  expect(s3.objects("first").map(({ key }) => key)).toContain("photos/.photolala/probe");
  expect(s3.objects("first").filter(isPhoto)).toMatchObject([{ key: "photos/Pictures/one.jpg" }]);

  writeFileSync(join(photos, "two.jpg"), "two");
  const complete = await statusThat(({ counts, activity }) => counts.backedUp === 2 && activity === "idle");
  expect(complete.lastBackup).toBeDefined();

  await agree("second");
  await statusThat(
    ({ destination, counts, activity }) =>
      destination?.bucket === "second" && counts.backedUp === 2 && activity === "idle",
  );
  expect(s3.objects("second").filter(isPhoto)).toHaveLength(2);

  await updateSettings(paths, (settings) => ({ ...settings, paused: true }));
  await statusThat(({ activity }) => activity === "paused");

  ending.abort();
  await expect(daemon).resolves.toBe(0);
  expect((await readStatus(paths))?.activity).toBe("stopped");
}, 60_000);

it("is held by refused credentials, once, until something changes", async () => {
  const { context, photos, s3, ending, agree, choose, statusThat } = await daemonWorld();
  writeFileSync(join(photos, "one.jpg"), "one");
  s3.accessKeys.splice(0, s3.accessKeys.length);
  await agree("first");
  await choose();
  const daemon = runDaemon(context);
  const held = await statusThat(({ health }) => health.code === "credentials-refused");
  expect(held.health.nextTryAt).toBeUndefined();
  expect(s3.requests).toHaveLength(1);

  s3.accessKeys.push(key);
  await agree("second");
  await statusThat(({ counts, health }) => counts.backedUp === 1 && health.code === "ok");
  ending.abort();
  await daemon;
}, 60_000);

it("leaves with 0 and words when another helper is at work", async () => {
  const { context, ending, stderr, statusThat } = await daemonWorld();
  const first = runDaemon(context);
  await statusThat(({ mode }) => mode === "daemon");
  await expect(runDaemon(context)).resolves.toBe(0);
  expect(String(stderr.read())).toContain("Another Helper Runs");
  ending.abort();
  await first;
}, 60_000);
