import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLoopback, type E2eServer, e2eServers } from "../support/helper-process/e2e-server.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { ordinaryUser } from "../support/helper-process/ordinary-user.ts";
import { proveBackup, provenWhole } from "../support/helper-process/prove-backup.ts";
import { readLedger } from "../support/helper-process/read-state.ts";
import type { LoopbackS3 } from "../support/loopback-s3/start-loopback-s3.ts";
import { generatePhoto } from "../support/photos/generate-photos.ts";
import { nastyNames } from "../support/photos/nasty-names.ts";
import { seededBytes } from "../support/photos/seeded-random.ts";

const mib = 1024 * 1024;

describe.each(e2eServers("minio", "versitygw"))("odd files to $name", ({ start }) => {
  let server: E2eServer;

  beforeAll(async () => {
    server = await start();
  });

  afterAll(() => server.close());

  async function newWorld(bucket: string): Promise<HelperWorld> {
    await server.createBucket(bucket);
    return HelperWorld.create({ server, bucket });
  }

  it("backs up names with emoji, quotes, newlines, 255 bytes, NFD, plus and percent signs", async () => {
    const world = await newWorld("names");
    const files: string[] = [];
    for (const [index, name] of nastyNames().entries()) {
      files.push(world.addFile(name, await generatePhoto({ format: "jpeg", seed: index })));
      files.push(
        world.addFile(
          `${name.slice(0, 40)}.folder/${name}`,
          await generatePhoto({ format: "jpeg", seed: 500 + index }),
        ),
      );
    }
    const run = await world.backUp();
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(run.stdout)).toMatchObject({ uploaded: files.length, conflicts: 0 });
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);

    // The same names again with other bytes: every key is taken now and gets its suffix.
    const again = await Promise.all(files.map((_, index) => generatePhoto({ format: "jpeg", seed: 1_000 + index })));
    for (const [index, file] of files.entries()) writeFileSync(file, again[index] as Buffer);
    const second = await world.backUp();
    expect(second).toMatchObject({ code: 0, stderr: "" });
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);
    expect((await server.list("names")).size).toBe(2 * files.length);
    const ledger = readLedger(world.paths);
    for (const file of files) expect(ledger.get(file)?.previous, file).toHaveLength(1);
  });

  it("keeps two files whose names differ only in their Unicode form, under two keys", async () => {
    const world = await newWorld("twins");
    const files = [
      world.addFile("caf\u00e9.jpg", await generatePhoto({ format: "jpeg", seed: 1 })),
      world.addFile("cafe\u0301.jpg", await generatePhoto({ format: "jpeg", seed: 2 })),
    ];
    // A file system that takes both names for one holds one photo, and then there is nothing to keep apart.
    const onDisk = readdirSync(world.photosDir).length;
    expect(await world.backUp()).toMatchObject({ code: 0 });
    expect((await server.list("twins")).size).toBe(onDisk);
    if (onDisk === 2) expect(await proveBackup(server, world, files)).toEqual(provenWhole);
  });

  it("backs up files around the sizes where the way of reading and sending changes", async () => {
    const world = await newWorld("sizes");
    const sizes = [1, 16 * mib - 1, 16 * mib, 16 * mib + 1, 70 * mib];
    const files = sizes.map((sizeBytes) => world.addFile(`${sizeBytes}.mov`, seededBytes(sizeBytes % 1000, sizeBytes)));
    const run = await world.backUp();
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(run.stdout)).toMatchObject({ uploaded: 5, bytesUploaded: sizes.reduce((a, b) => a + b) });
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);
  });

  it("lists an empty file and one of zeros, and backs them up when told to anyway", async () => {
    const world = await newWorld("broken");
    const fine = world.addFile("fine.jpg", await generatePhoto({ format: "jpeg", seed: 1 }));
    const empty = world.addFile("empty.jpg", "");
    const zeros = world.addFile("zeros.heic", Buffer.alloc(50_000));
    const largeZeros = world.addFile("large-zeros.mov", Buffer.alloc(17 * mib));
    const broken = [empty, largeZeros, zeros];

    const run = await world.backUp();
    expect(run.code).toBe(1);
    expect(JSON.parse(run.stdout)).toMatchObject({ uploaded: 1, failed: 3 });
    const failures = (await world.run(["failures"])).stdout;
    for (const path of broken) expect(failures).toContain(path);
    expect(failures).toContain("Empty File");
    expect(failures).toContain("Nothing but Zeros");
    expect([...(await server.list("broken")).keys()].map((key) => basename(key))).toEqual(["fine.jpg"]);
    expect((await world.run(["status"])).stdout).toMatch(/Last backup\s+never complete yet/);

    expect(await world.run(["failures", "retry", "--anyway", ...broken])).toMatchObject({ code: 0 });
    expect(await world.backUp()).toMatchObject({ code: 0 });
    expect(await proveBackup(server, world, [fine, ...broken])).toEqual(provenWhole);
    expect((await world.run(["failures"])).stdout).toContain("Nothing failed");
  });
});

describe("folders that are in trouble", () => {
  let server: E2eServer;
  let loopback: LoopbackS3;
  let buckets = 0;

  beforeAll(async () => {
    ({ server, loopback } = await startLoopback());
  });

  afterAll(() => server.close());

  async function newWorld(): Promise<HelperWorld> {
    const bucket = `folders-${++buckets}`;
    await server.createBucket(bucket);
    return HelperWorld.create({ server, bucket });
  }

  it("refuses a folder that is missing, is a file, or cannot be read", async () => {
    const world = await newWorld();
    const file = world.addFile("photo.jpg", "not a folder");
    const secret = join(world.dir, "secret");
    mkdirSync(secret, { mode: 0o000 });
    const user = ordinaryUser();
    world.openTo(user);
    for (const [folder, words] of [
      [join(world.dir, "nowhere"), "does not exist"],
      [file, "is not a folder"],
      [secret, "cannot be read (EACCES)"],
    ] as const) {
      const run = await world.run(["backup", folder, ...world.destination, "--consent"], user);
      expect(run).toMatchObject({ code: 2, stdout: "" });
      expect(run.stderr).toContain(words);
      const added = await world.run(["folders", "add", folder, "--json"], user);
      expect(added.code).toBe(2);
      expect(JSON.parse(added.stdout)).toMatchObject({ error: { code: "usage" } });
    }
    expect((await server.list(world.bucket)).size).toBe(0);
  });

  it("invariant 4: a subfolder and a photo that cannot be read are named, and count neither as backed up nor as deleted", async () => {
    const world = await newWorld();
    const user = ordinaryUser();
    world.openTo(user);
    const [open] = (await world.addPhotos(1, { into: "open" })) as [string];
    const [closed] = (await world.addPhotos(1, { into: "closed", seed: 2 })) as [string];
    const before = await world.run(world.backUpArgs, user);
    expect(before).toMatchObject({ code: 0 });
    const locked = world.addFile("open/locked.jpg", await generatePhoto({ format: "jpeg", seed: 3 }));
    chmodSync(locked, 0o000);
    chmodSync(join(world.photosDir, "closed"), 0o000);

    const run = await world.run(world.backUpArgs, user);
    chmodSync(join(world.photosDir, "closed"), 0o755);
    expect(run.code).toBe(1);
    const summary: unknown = JSON.parse(run.stdout);
    expect(summary).toMatchObject({ unreadableFolders: [join(world.photosDir, "closed")], failed: 1 });
    const failures = (await world.run(["failures"])).stdout;
    expect(failures).toContain(join(world.photosDir, "closed"));
    expect(failures).toContain("Folder Not Readable");
    expect(failures).toContain("File Not Readable");
    expect(readLedger(world.paths).get(closed)).not.toHaveProperty("missingSince");

    chmodSync(locked, 0o644);
    expect(await world.run(world.backUpArgs, user)).toMatchObject({ code: 0 });
    expect(await proveBackup(server, world, [open, closed, locked])).toEqual(provenWhole);
  });

  it.each([
    ["deleted", (dir: string) => rmSync(dir, { recursive: true })],
    ["renamed", (dir: string) => renameSync(dir, `${dir} of last year`)],
  ])("loses nothing when the folder is %s amid the run", async (_, trouble) => {
    const world = await newWorld();
    await world.addPhotos(8);
    const [kept] = (await world.addPhotos(1, { into: "kept", seed: 2 })) as [string];
    loopback.faults.clear();
    const third = loopback.faults.add({
      kind: "slow",
      bytesPerSecond: 40_000,
      match: { operation: "PutObject", keyPattern: ".jpg", nth: 3 },
    });
    const helper = world.start(world.backUpArgs);
    await third.whenFired;
    trouble(join(world.photosDir, "Roll 1"));
    const ended = await helper.ended;
    expect(ended.stderr).toBe("");
    const { scanned, uploaded = 0, alreadyBackedUp = 0 } = JSON.parse(ended.stdout) as Record<string, number>;
    // What was sent before it moved is not sent again.
    expect(uploaded + alreadyBackedUp, "photos that were there are backed up").toBe(scanned);

    expect(await world.backUp()).toMatchObject({ code: 0 });
    const files = readdirSync(world.photosDir, { recursive: true, encoding: "utf8" }).filter((n) => n.endsWith(".jpg"));
    expect(await proveBackup(server, world, [kept, ...files.map((name) => join(world.photosDir, name))])).toEqual(
      provenWhole,
    );
  });

  it("a chosen folder that vanished is named, and its photos stay known", async () => {
    const world = await newWorld();
    await world.addPhotos(2);
    await world.backUp();
    await world.run(["folders", "add", world.photosDir]);
    renameSync(world.photosDir, `${world.photosDir}-elsewhere`);
    const run = await world.run(["backup"]);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain(world.photosDir);
    expect((await world.run(["failures"])).stdout).toContain("Folder Not Found");
    const entries = [...readLedger(world.paths).values()];
    expect(entries).toHaveLength(2);
    for (const entry of entries) expect(entry).not.toHaveProperty("missingSince");
  });

  it("invariant 1: nothing counts as backed up in another, empty bucket, and going back sends nothing twice", async () => {
    const world = await newWorld();
    const files = await world.addPhotos(4);
    await world.backUp();
    const first = world.bucket;
    world.bucket = `folders-${++buckets}`;
    await server.createBucket(world.bucket);

    const moved = await world.backUp();
    expect(JSON.parse(moved.stdout)).toMatchObject({ uploaded: 4, alreadyBackedUp: 0 });
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);
    world.bucket = first;
    const requests = loopback.requests.length;
    const back = await world.backUp();
    expect(JSON.parse(back.stdout)).toMatchObject({ uploaded: 0, alreadyBackedUp: 4, requests: 0 });
    expect(loopback.requests.length).toBe(requests);
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);
  });
});
