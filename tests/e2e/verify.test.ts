import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { e2eServers, startLoopback, type E2eServer } from "../support/helper-process/e2e-server.ts";
import type { Ended } from "../support/helper-process/helper-process.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { proveBackup, provenWhole } from "../support/helper-process/prove-backup.ts";
import { readLedger } from "../support/helper-process/read-state.ts";
import { until } from "../support/helper-process/until.ts";

const bucket = "photos-of-mine";

/** Somebody else with a key to the same bucket. */
function stranger({ endpoint, region, accessKeyId, secretAccessKey }: E2eServer) {
  const client = new S3Client({
    ...{ endpoint, region, forcePathStyle: true },
    credentials: { accessKeyId, secretAccessKey },
  });
  return {
    catalogue: async () => {
      const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
      return Contents.map(({ Key = "" }) => Key).filter((key) => key.endsWith(".jsonl.gz"));
    },
    remove: (key: string) => client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })),
    overwrite: (key: string, body: string) =>
      client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body })),
  };
}

function jsonOf({ stdout }: Ended): Record<string, unknown> {
  return JSON.parse(stdout) as Record<string, unknown>;
}

function keyOf(world: HelperWorld, path: string | undefined): string {
  return readLedger(world.paths).get(path as string)?.s3Key as string;
}

function proofIsKept(world: HelperWorld): boolean {
  return existsSync(join(world.paths.stateDir, "verification"));
}

describe.each(e2eServers("minio", "versitygw"))("verify on $name", ({ start }) => {
  let server: E2eServer;
  let world: HelperWorld;
  let files: string[];

  beforeEach(async () => {
    server = await start();
    await server.createBucket(bucket);
    world = await HelperWorld.create({ server, bucket });
    files = await world.addPhotos(6);
    expect((await world.backUp()).code).toBe(0);
  });

  afterEach(() => server.close());

  it("proves a whole backup, keeps the proof, and status shows it", async () => {
    expect((await world.run(["status"])).stdout).toContain("not verified yet");
    const words = await world.run(["verify"]);
    expect(words).toMatchObject({ code: 0, stderr: "" });
    expect(words.stdout).toContain(`All 6 objects of the backup are in ${bucket}/photos, by its listing`);
    const read = await world.run(["verify", "--read-data", "--json"]);
    expect(read.code).toBe(0);
    expect(jsonOf(read)).toMatchObject({
      ...{ partial: false, kept: true, method: "listing", objects: 6, present: 6, missing: 0, changed: 0, unproved: 0 },
      ...{ read: { percent: 100, objects: 6, proved: 6 }, findings: [], noted: "none" },
    });
    const { stdout } = await world.run(["status"]);
    expect(stdout).toMatch(/Last proof {3}just now: 100 % there by listing, 100 % of the bytes read/);
    expect(jsonOf(await world.run(["status", "--json"]))).toMatchObject({ verification: { presence: { present: 6 } } });
  });

  it("invariant 11: finds its own catalogue gone, says so, and the next backup stores it anew", async () => {
    const other = stranger(server);
    for (const key of await other.catalogue()) await other.remove(key);
    const found = await world.run(["verify"]);
    expect(found.code).toBe(1);
    expect(found.stdout).toMatch(/Catalogue +1 of its 1 objects gone/);
    expect((await world.backUp()).code).toBe(0);
    expect(await other.catalogue()).not.toEqual([]);
    const whole = await world.run(["verify", "--json"]);
    expect([whole.code, jsonOf(whole).catalogue]).toMatchObject([0, { missing: 0 }]);
  });

  it("invariants 1 and 3: finds what was deleted and overwritten behind our back, and the next backup mends both", async () => {
    const other = stranger(server);
    await other.remove(keyOf(world, files[0]));
    await other.overwrite(keyOf(world, files[1]), "somebody else's");
    const found = await world.run(["verify", "--json"]);
    expect(found.code).toBe(1);
    expect(jsonOf(found)).toMatchObject({ present: 4, missing: 1, changed: 1, noted: "ledger", kept: true });
    expect(await server.get(bucket, keyOf(world, files[1]))).toEqual(Buffer.from("somebody else's"));
    expect((await world.backUp()).code).toBe(0);
    expect((await proveBackup(server, world, files)).different).toEqual([]);
    expect(String(await server.get(bucket, `photos/Pictures/Roll 1/${files[1]?.split("/").at(-1)}`))).toBe(
      "somebody else's",
    );
    expect(jsonOf(await world.run(["verify", "--read-data", "--json"]))).toMatchObject({
      present: 6,
      read: { proved: 6 },
    });
  });

  it("shows what is gone from the disk too as a failure with the one thing that mends it", async () => {
    rmSync(files[0] as string);
    expect((await world.backUp()).code).toBe(0);
    await stranger(server).remove(keyOf(world, files[0]));
    expect((await world.run(["verify"])).code).toBe(1);
    const failures = await world.run(["failures"]);
    expect(failures.stdout).toMatch(/Gone from the Bucket: .*If there is another copy, put it back/);
    const again = await world.backUp();
    expect(again.code).toBe(1);
    expect(jsonOf(again)).toMatchObject({ failed: 0, lostEverywhere: 1 });
    expect((await world.run(["failures"])).stdout).toContain("Gone from the Bucket");
    const told = /1 photo was lost in the bucket .* no file is left on this computer\. Put a copy back where it was/;
    expect((await world.run(["backup", world.photosDir, ...world.destination])).stdout).toMatch(told);
    expect((await world.run(["status"])).stdout).toMatch(told);
  });

  it("counts what is not backed up on this computer, and verifies one folder without calling it a proof", async () => {
    world.addFile("new.jpg", "new");
    const one = await world.run(["verify", world.photosDir, "--json"]);
    expect(one.code).toBe(1);
    expect(jsonOf(one)).toMatchObject({ present: 6, kept: false, disk: { onDisk: 7, backedUp: 6, notBackedUp: 1 } });
    expect(proofIsKept(world)).toBe(false);
  });
});

describe("verify", () => {
  let server: E2eServer;
  let loopback: Awaited<ReturnType<typeof startLoopback>>["loopback"];
  let world: HelperWorld;

  beforeEach(async () => {
    ({ server, loopback } = await startLoopback());
    await server.createBucket(bucket);
    world = await HelperWorld.create({ server, bucket });
  });

  afterEach(() => server.close());

  it("stopped with Ctrl+C says what it is worth, and keeps no proof", async () => {
    await world.addPhotos(8);
    await world.backUp();
    const stall = loopback.faults.add({ kind: "stall-mid-body", match: { operation: "GetObject", nth: 6 } });
    const verifying = world.start(["verify", "--read-data", "--json"]);
    await stall.whenFired;
    const ended = await verifying.kill("SIGINT");
    expect(ended).toMatchObject({ code: 130, stderr: "" });
    expect(jsonOf(ended)).toMatchObject({ partial: true, kept: false, noted: "none" });
    expect(proofIsKept(world)).toBe(false);
  });

  it("ends with 3 when the destination stops it, and keeps no proof", async () => {
    await world.addPhotos(1);
    await world.backUp();
    loopback.accessKeys.splice(0);
    const refused = await world.run(["verify", "--json"]);
    expect(refused.code).toBe(3);
    expect(jsonOf(refused)).toMatchObject({ error: { code: "credentials-refused" } });
    expect(proofIsKept(world)).toBe(false);
  });

  it("says that there is nothing to verify, and sends no request for it", async () => {
    const nothing = await world.run(["verify", ...world.destination]);
    expect(nothing).toMatchObject({ code: 0, stderr: "" });
    expect(nothing.stdout).toContain("Nothing has been backed up");
    expect(loopback.requests.map(({ operation }) => operation)).toEqual(["CreateBucket"]);
  });

  it("refuses a ledger of a newer version, and says of a broken one what mends it", async () => {
    await world.addPhotos(1);
    await world.backUp();
    writeFileSync(world.paths.ledger, "{");
    const broken = await world.run(["verify"]);
    expect(broken).toMatchObject({ code: 4, stdout: "" });
    expect(broken.stderr).toContain("Run a backup");
    expect(readFileSync(world.paths.ledger, "utf8")).toBe("{");
    writeFileSync(world.paths.ledger, '{"version": 2}');
    expect((await world.run(["verify"])).code).toBe(4);
  });

  it("beside a running helper leaves the mending to it: the helper looks for itself and sends again", async () => {
    const files = await world.addPhotos(3);
    await world.setUp();
    const daemon = world.start(["run"]);
    await until(() => world.status?.lastBackup);
    await stranger(server).remove(keyOf(world, files[0]));
    const found = await world.run(["verify", "--json"]);
    expect(jsonOf(found)).toMatchObject({ missing: 1, noted: "helper" });
    await until(async () => ((await proveBackup(server, world, files)).different.length === 0 ? true : undefined));
    await until(
      () => world.status,
      ({ activity, lost }) => activity === "idle" && lost === 0,
    );
    expect((await proveBackup(server, world, files)).different).toEqual(provenWhole.different);
    expect(await daemon.kill("SIGTERM")).toMatchObject({ code: 0 });
  });
});
