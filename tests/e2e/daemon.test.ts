import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeRequest } from "../../helper/state/files/request-store.ts";
import { startLoopback, type E2eServer } from "../support/helper-process/e2e-server.ts";
import type { HelperProcess } from "../support/helper-process/helper-process.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { proveBackup, provenWhole } from "../support/helper-process/prove-backup.ts";
import { leftovers, readLedger, tornFiles } from "../support/helper-process/read-state.ts";
import { until } from "../support/helper-process/until.ts";
import type { LoopbackS3 } from "../support/loopback-s3/start-loopback-s3.ts";
import { generatePhoto } from "../support/photos/generate-photos.ts";

let server: E2eServer;
let loopback: LoopbackS3;
let world: HelperWorld;

beforeEach(async () => {
  ({ server, loopback } = await startLoopback());
  await server.createBucket("photos-of-mine");
  world = await HelperWorld.create({ server, bucket: "photos-of-mine" });
});

afterEach(() => server.close());

/** Waits until the last complete backup is later than `after`. */
function backedUp(after?: string): Promise<string> {
  return until(
    () => world.status?.lastBackup,
    (at) => after === undefined || at > after,
  );
}

function known(path: string): Promise<unknown> {
  return until(() => readLedger(world.paths).get(path));
}

async function expectCleanEnd(daemon: HelperProcess): Promise<void> {
  const askedAt = performance.now();
  const ended = await daemon.kill("SIGTERM");
  expect(performance.now() - askedAt).toBeLessThan(10_000);
  // 0, so that launchd does not start it again.
  expect(ended).toMatchObject({ code: 0, signal: null, stderr: "" });
  expect(world.status?.activity).toBe("stopped");
  expect([...tornFiles(world.paths), ...leftovers(world.paths)]).toEqual([]);
}

describe("the daemon at work", () => {
  /** Uploads of photos; the probe's object and the catalogue's pieces are none. */
  const photoPuts = () =>
    loopback.requests.filter(({ operation, key }) => operation === "PutObject" && key?.endsWith(".jpg"));

  it("scans, watches, backs up what is dropped in, and shows that it lives", async () => {
    const files = await world.addPhotos(5);
    await world.setUp();
    const daemon = world.start(["run"]);
    const first = await backedUp();
    expect(world.status).toMatchObject({ mode: "daemon", pid: daemon.pid, health: { code: "ok" } });
    expect(world.status?.counts).toMatchObject({ onDisk: 5, backedUp: 5, waiting: 0, failed: 0 });
    expect((await world.run(["status"])).stdout).toMatch(/5 of 5 backed up/);

    const dropped = world.addFile("new roll/dropped.jpg", await generatePhoto({ format: "jpeg", seed: 77 }));
    await loopback.log.waitFor(
      ({ operation, key }) => operation === "PutObject" && key?.endsWith("dropped.jpg") === true,
    );
    await known(dropped);
    await backedUp(first);
    expect(await proveBackup(server, world, [...files, dropped])).toEqual(provenWhole);

    const { heartbeatAt } = await until(
      () => world.status,
      ({ activity }) => activity === "idle",
    );
    await until(
      () => world.status,
      (status) => status.heartbeatAt > heartbeatAt,
    );
    expect(daemon.isRunning).toBe(true);
    await expectCleanEnd(daemon);
    expect(readLedger(world.paths).size).toBe(6);
    expect(loopback.maxConcurrentBodies).toBe(1);
  });

  it("stops after the photo on the wire when paused, and goes on when resumed", async () => {
    const files = await world.addPhotos(6);
    await world.setUp();
    const second = loopback.faults.add({
      kind: "slow",
      bytesPerSecond: 15_000,
      match: { operation: "PutObject", keyPattern: ".jpg", nth: 2 },
    });
    const daemon = world.start(["run"]);
    await second.whenFired;
    await world.run(["pause"]);
    await until(
      () => world.status,
      ({ activity }) => activity === "paused",
    );
    expect((await world.run(["status"])).stdout).toContain("paused");
    expect(photoPuts()).toHaveLength(2);
    expect((await server.list(world.bucket)).size).toBe(2);

    const resumedAt = new Date();
    await world.run(["resume"]);
    await backedUp();
    const later = photoPuts().slice(2);
    expect(later).toHaveLength(4);
    for (const { startedAt } of later) expect(startedAt.getTime()).toBeGreaterThanOrEqual(resumedAt.getTime());
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);
    await expectCleanEnd(daemon);
  });

  it("takes up requests at once: back up now, and back up anyway", async () => {
    const empty = world.addFile("empty.jpg", "");
    await world.addPhotos(1);
    await world.setUp();
    const daemon = world.start(["run"]);
    const { lastScan } = await until(
      () => world.status,
      ({ counts, lastScan: at }) => counts.failed === 1 && Boolean(at),
    );
    expect(world.status?.lastBackup).toBeUndefined();

    await writeRequest(world.paths, { kind: "back-up-now" });
    await until(
      () => world.status,
      (status) => (status.lastScan ?? "") > (lastScan ?? ""),
    );
    await until(() => readdirSync(world.paths.requestsDir).length === 0 || undefined);

    await world.run(["failures", "retry", "--anyway", empty]);
    await known(empty);
    await backedUp();
    expect((await world.run(["failures"])).stdout).toContain("Nothing failed");
    await expectCleanEnd(daemon);
  });

  it("takes a folder in that is added while it runs, and leaves one that is removed", async () => {
    const files = await world.addPhotos(2);
    await world.setUp();
    const daemon = world.start(["run"]);
    const first = await backedUp();
    const other = join(world.dir, "Camera Uploads");
    mkdirSync(other);
    const added = world.addFile("../Camera Uploads/a.jpg", await generatePhoto({ format: "jpeg", seed: 5 }));
    expect(await world.run(["folders", "add", other])).toMatchObject({ code: 0 });
    await known(added);
    const second = await backedUp(first);
    await until(
      () => world.status,
      ({ folders }) => folders.length === 2,
    );

    await world.run(["folders", "remove", other]);
    await backedUp(second);
    await until(
      () => world.status,
      ({ folders }) => folders.length === 1,
    );
    expect(await proveBackup(server, world, [...files, added])).toEqual(provenWhole);
    await expectCleanEnd(daemon);
  });

  it("invariant 1: counts nothing as backed up in the bucket it is switched to, and sends nothing twice after", async () => {
    const files = await world.addPhotos(3);
    await world.setUp();
    const daemon = world.start(["run"]);
    await backedUp();
    await server.createBucket("another");
    const slow = loopback.faults.add({
      kind: "slow",
      bytesPerSecond: 5_000,
      match: { operation: "PutObject", keyPattern: ".jpg" },
    });
    await world.run(["consent", "--bucket", "another"]);
    await slow.whenFired;
    const begun = await until(
      () => world.status,
      ({ destination }) => destination?.bucket === "another",
    );
    expect(begun).not.toHaveProperty("lastBackup");
    await until(
      () => world.status,
      ({ destination, lastBackup, activity }) =>
        destination?.bucket === "another" && lastBackup !== undefined && activity === "idle",
    );
    expect((await server.list("another")).size).toBe(3);
    const puts = photoPuts().length;
    await world.run(["consent", "--bucket", "photos-of-mine"]);
    await until(
      () => world.status,
      ({ destination, activity }) => destination?.bucket === "photos-of-mine" && activity === "idle",
    );
    expect(photoPuts()).toHaveLength(puts);
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);
    await expectCleanEnd(daemon);
  });

  it("is one: a second one leaves with 0 and words, and `backup` is refused", async () => {
    await world.addPhotos(1);
    await world.setUp();
    const daemon = world.start(["run"]);
    await backedUp();
    const second = await world.run(["run"]);
    expect(second).toMatchObject({ code: 0, stdout: "" });
    expect(second.stderr).toContain("Another Helper Runs");
    expect((await world.backUp()).code).toBe(4);
    expect(daemon.isRunning).toBe(true);
    await expectCleanEnd(daemon);
    expect(existsSync(world.paths.helperLock)).toBe(false);
  });

  it.each([false, true])("ends within 10 s while the store stalls (paused before: %s)", async (isPaused) => {
    await world.addPhotos(3);
    await world.setUp();
    const stall = loopback.faults.add({ kind: "stall", match: { operation: "PutObject", keyPattern: ".jpg", nth: 2 } });
    const daemon = world.start(["run"]);
    await stall.whenFired;
    if (isPaused) await world.run(["pause"]);
    await expectCleanEnd(daemon);
    expect(readLedger(world.paths).size).toBe((await server.list(world.bucket)).size);
  });
});
