import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { runDaemon } from "../../helper/daemon/run-daemon.ts";
import { updateSettings } from "../../helper/state/files/settings-store.ts";
import { readStatus } from "../../helper/state/files/status-store.ts";
import { daemonBench } from "../support/engine/daemon-bench.ts";

it("idles and says why, backs up when it may, follows the folder and the destination, and ends when asked", async () => {
  const { context, photos, s3, paths, ending, agree, choose, statusThat } = await daemonBench();
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
  const { context, photos, s3, ending, agree, choose, statusThat } = await daemonBench();
  writeFileSync(join(photos, "one.jpg"), "one");
  s3.accessKeys.splice(0, s3.accessKeys.length);
  await agree("first");
  await choose();
  const daemon = runDaemon(context);
  const held = await statusThat(({ health }) => health.code === "credentials-refused");
  expect(held.health.nextTryAt).toBeUndefined();
  expect(s3.requests).toHaveLength(1);

  s3.accessKeys.push(s3.credentials);
  await agree("second");
  await statusThat(({ counts, health }) => counts.backedUp === 1 && health.code === "ok");
  ending.abort();
  await daemon;
}, 60_000);

it("leaves with 0 and words when another helper is at work", async () => {
  const { context, ending, stderr, statusThat } = await daemonBench();
  const first = runDaemon(context);
  await statusThat(({ mode }) => mode === "daemon");
  await expect(runDaemon(context)).resolves.toBe(0);
  expect(String(stderr.read())).toContain("Another Helper Runs");
  ending.abort();
  await first;
}, 60_000);
