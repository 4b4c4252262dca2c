import { execFileSync } from "node:child_process";
import { appendFileSync, chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { StatePaths } from "../../helper/state/state-paths.ts";
import type { LoopbackS3 } from "../support/loopback-s3/start-loopback-s3.ts";
import { startLoopback, type E2eServer } from "../support/helper-process/e2e-server.ts";
import { expectRefused } from "../support/helper-process/expect-refused.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { falseEntries, proveBackup, provenWhole } from "../support/helper-process/prove-backup.ts";
import { readLedger } from "../support/helper-process/read-state.ts";
import { ordinaryUser } from "../support/helper-process/ordinary-user.ts";

let server: E2eServer;
let loopback: LoopbackS3;
let buckets = 0;

beforeAll(async () => {
  ({ server, loopback } = await startLoopback());
});

afterAll(() => server.close());

async function newWorld(): Promise<HelperWorld> {
  const bucket = `state-${++buckets}`;
  await server.createBucket(bucket);
  return HelperWorld.create({ server, bucket });
}

/** A world whose photos are backed up already. */
async function backedUpWorld(): Promise<{ world: HelperWorld; files: string[] }> {
  const world = await newWorld();
  const files = await world.addPhotos(3);
  expect(await world.backUp()).toMatchObject({ code: 0 });
  return { world, files };
}

describe("files of a newer version", () => {
  const newer = JSON.stringify({ version: 2, generation: 1, novelty: true });
  it.each<[string, (paths: StatePaths) => string, string]>([
    ["settings", (paths) => paths.settings, newer],
    ["status", (paths) => paths.status, newer],
    ["failures", (paths) => paths.failures, newer],
    ["ledger", (paths) => paths.ledger, newer],
    ["journal", (paths) => paths.journal, `${newer}\n{"op":"novelty"}\n`],
  ])("invariant 10: refuses a newer %s with words and does not touch it", async (_, pathOf, content) => {
    const { world, files } = await backedUpWorld();
    const path = pathOf(world.paths);
    writeFileSync(path, content);
    const before = await server.list(world.bucket);
    await expectRefused(world, world.backUpArgs, {
      code: "newer-schema",
      exitCode: 4,
      detail: new RegExp(basename(path)),
    });
    expect(readFileSync(path, "utf8")).toBe(content);
    expect(await server.list(world.bucket)).toEqual(before);
    expect(files).toHaveLength(3);
  });
});

describe("broken files", () => {
  it("invariant 10: sets broken settings aside, says so, and loses nothing that was backed up", async () => {
    const { world, files } = await backedUpWorld();
    const broken = readFileSync(world.paths.settings, "utf8").slice(0, -9);
    writeFileSync(world.paths.settings, broken);
    const run = await world.run(["backup"]);
    expect(run).toMatchObject({ code: 4, stdout: "" });
    expect(run.stderr).toContain("Settings Not Readable");
    expect(run.stderr).toMatch(/set aside as settings\.json\.corrupt-/);
    expect(setAside(world, "settings.json")).toEqual([broken]);

    const requests = loopback.requests.length;
    const again = await world.backUp();
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ uploaded: 0, alreadyBackedUp: 3 });
    expect(loopback.requests.length).toBe(requests);
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);
  });

  it.each([
    ["cut in half", (text: string) => text.slice(0, text.length / 2)],
    ["emptied", () => ""],
    ["overwritten with zeros", (text: string) => "\0".repeat(text.length)],
    ["changed to hold an entry that is none", (text: string) => text.replace(/"size":\d+/, '"size":"large"')],
  ])("invariant 10: a ledger that was %s is set aside and made anew from the bucket", async (_, damage) => {
    const { world, files } = await backedUpWorld();
    const broken = damage(readFileSync(world.paths.ledger, "utf8"));
    writeFileSync(world.paths.ledger, broken);
    const before = await server.list(world.bucket);

    const run = await world.run(world.backUpArgs.filter((arg) => arg !== "--json"));
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toMatch(/kept as .*backup-state\.json\.corrupt-/);
    expect(setAside(world, "backup-state.json")).toEqual([broken]);
    expect(await server.list(world.bucket)).toEqual(before);
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);
    expect(readLedger(world.paths).size).toBe(3);
  });

  it("passes over a damaged journal line and finds its photo again in the bucket", async () => {
    const { world, files } = await backedUpWorld();
    appendFileSync(world.paths.journal, '{"op":"put","path":"/x","ent\n{"op":"clear-fail');
    const before = await server.list(world.bucket);
    expect(await world.backUp()).toMatchObject({ code: 0 });
    expect(await server.list(world.bucket)).toEqual(before);
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);
  });
});

describe("a state folder that cannot be written", () => {
  it("uploads nothing when it is read-only", async () => {
    const world = await newWorld();
    await world.addPhotos(2);
    const user = ordinaryUser();
    world.openTo(user);
    chmodSync(world.paths.stateDir, 0o500);
    try {
      await expectRefused(world, world.backUpArgs, { code: "state-unwritable", exitCode: 4, ...user });
    } finally {
      chmodSync(world.paths.stateDir, 0o700);
    }
    expect((await server.list(world.bucket)).size).toBe(0);
  });

  it("says so when it cannot even be made", async () => {
    const world = await newWorld();
    await world.addPhotos(1);
    writeFileSync(world.paths.stateDir, "a file where the folder should be");
    await expectRefused(world, world.backUpArgs, { code: "state-unwritable", exitCode: 4 });
    expect((await server.list(world.bucket)).size).toBe(0);
  });
});

/** Only root on Linux can mount a disk that is full soon; elsewhere the ledger's own tests fill one by injected errors. */
const canMount = process.platform === "linux" && process.getuid?.() === 0;

if (canMount) {
  it("a full disk under the state folder ends the run before the ledger can lie", async () => {
    const world = await newWorld();
    const files = await world.addPhotos(200, { approxBytes: 2_000 });
    mkdirSync(world.paths.stateDir);
    mount(world.paths.stateDir, "size=96k");
    onTestFinished(() => void execFileSync("umount", [world.paths.stateDir]));

    const run = await world.backUp();
    expect(run.code).toBe(4);
    expect(JSON.parse(run.stdout)).toMatchObject({ error: { code: "disk-full" } });
    expect(await falseEntries(server, world)).toEqual([]);
    const sent = (await server.list(world.bucket)).size;
    expect(sent).toBeGreaterThan(0);
    expect(sent, "it stopped").toBeLessThan(files.length);

    mount(world.paths.stateDir, "remount,size=8m");
    expect(await world.backUp()).toMatchObject({ code: 0 });
    expect((await server.list(world.bucket)).size).toBe(files.length);
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);
  });
}

describe("two helpers", () => {
  it("the second one leaves with words, and the first one's work goes on", async () => {
    const world = await newWorld();
    const files = await world.addPhotos(3);
    const stall = loopback.faults.add({
      kind: "slow",
      bytesPerSecond: 4_000,
      match: { operation: "PutObject", keyPattern: ".jpg" },
    });
    const first = world.start(world.backUpArgs);
    await stall.whenFired;
    await expectRefused(world, world.backUpArgs, {
      code: "another-helper-runs",
      exitCode: 4,
      detail: new RegExp(`process ${first.pid}`),
    });
    expect(await first.ended).toMatchObject({ code: 0 });
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);
    expect((await server.list(world.bucket)).size).toBe(3);
  });
});

function mount(dir: string, options: string): void {
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", dir]);
}

/** The contents of what was set aside of a file. */
function setAside(world: HelperWorld, name: string): string[] {
  const { stateDir } = world.paths;
  const names = readdirSync(stateDir).filter((found) => found.startsWith(`${name}.corrupt-`));
  return names.map((found) => readFileSync(join(stateDir, found), "utf8"));
}
