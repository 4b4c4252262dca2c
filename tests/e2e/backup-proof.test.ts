import { readFileSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunSummary } from "../../helper/backup/run-summary.ts";
import { e2eServers, type E2eServer } from "../support/helper-process/e2e-server.ts";
import type { Ended } from "../support/helper-process/helper-process.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { proveBackup, provenWhole } from "../support/helper-process/prove-backup.ts";
import { leftovers, readLedger, tornFiles } from "../support/helper-process/read-state.ts";
import { startRequestTap, type RequestTap } from "../support/helper-process/request-tap.ts";

/** 2,000 in the full test run, as many photos of 20 kB as the project promises to prove. */
const photoCount = Number(process.env.E2E_PHOTOS ?? 150);

/** Enough for the sizes of the full test run. */
const wholeSizeMs = 900_000;

describe.each(e2eServers("minio", "versitygw"))("backup to $name", ({ name, start }) => {
  let server: E2eServer;
  let tap: RequestTap;
  let buckets = 0;

  beforeAll(async () => {
    server = await start();
    tap = await startRequestTap(server.port);
  });

  afterAll(async () => {
    await tap.close();
    await server.close();
  });

  async function newWorld(): Promise<HelperWorld> {
    buckets += 1;
    const bucket = `proof-${buckets}`;
    await server.createBucket(bucket);
    return HelperWorld.create({ server: { ...server, endpoint: tap.endpoint }, bucket });
  }

  it(
    `proves ${photoCount} photos bit for bit, and sends nothing for unchanged ones`,
    async () => {
      const world = await newWorld();
      const files = await world.addPhotos(photoCount, { approxBytes: 20_000 });

      const first = await world.backUp();
      expect(first).toMatchObject({ code: 0, stderr: "" });
      expect(summaryOf(first)).toMatchObject({ scanned: photoCount, uploaded: photoCount, conflicts: 0 });
      expect(await proveBackup(server, world, files)).toEqual(provenWhole);
      expect(readLedger(world.paths).size).toBe(photoCount);
      expect([...tornFiles(world.paths), ...leftovers(world.paths)]).toEqual([]);

      const requestsBefore = tap.requests;
      const second = await world.backUp();
      expect(second.code).toBe(0);
      expect(summaryOf(second)).toMatchObject({ alreadyBackedUp: photoCount, uploaded: 0, requests: 0 });
      expect(tap.requests, `${name} saw requests of the second run`).toBe(requestsBefore);
    },
    wholeSizeMs,
  );

  it("invariant 3: a changed photo gets an object of its own, and the old one is untouched", async () => {
    const world = await newWorld();
    const [changed, other] = (await world.addPhotos(2)) as [string, string];
    await world.backUp();
    const oldBytes = readFileSync(changed);
    const oldKey = readLedger(world.paths).get(changed)?.s3Key as string;
    const before = await server.list(world.bucket);

    writeFileSync(changed, Buffer.concat([oldBytes, Buffer.from("edited")]));
    const run = await world.backUp();
    expect(summaryOf(run)).toMatchObject({ uploaded: 1, alreadyBackedUp: 1, conflicts: 0 });

    const entry = readLedger(world.paths).get(changed);
    expect(entry?.s3Key).not.toBe(oldKey);
    expect(entry?.previous).toMatchObject([{ s3Key: oldKey, size: oldBytes.length }]);
    expect(await server.get(world.bucket, oldKey)).toEqual(oldBytes);
    expect((await server.list(world.bucket)).get(oldKey)).toEqual(before.get(oldKey));
    expect(await proveBackup(server, world, [changed, other])).toEqual(provenWhole);
  });

  it("invariant 4: a deleted photo keeps its object and its entry", async () => {
    const world = await newWorld();
    const [gone, kept] = (await world.addPhotos(2)) as [string, string];
    await world.backUp();
    const bytes = readFileSync(gone);
    unlinkSync(gone);

    const run = await world.backUp();
    expect(run.code).toBe(0);
    expect(summaryOf(run)).toMatchObject({ scanned: 1, alreadyBackedUp: 1 });
    const entry = readLedger(world.paths).get(gone);
    expect(entry).toMatchObject({ size: bytes.length, missingSince: expect.any(String) as string });
    expect(await server.get(world.bucket, entry?.s3Key as string)).toEqual(bytes);
    expect(readLedger(world.paths).get(kept)).not.toHaveProperty("missingSince");
  });

  it("invariant 1: after the loss of the whole state, what is in the bucket is proved and nothing is sent twice", async () => {
    const world = await newWorld();
    const files = await world.addPhotos(20);
    await world.backUp();
    const before = await server.list(world.bucket);
    rmSync(world.paths.stateDir, { recursive: true });

    const putsBefore = tap.puts;
    const run = await world.backUp();
    expect(run.code).toBe(0);
    expect(summaryOf(run)).toMatchObject({ uploaded: 0, alreadyBackedUp: 20, conflicts: 0, bytesUploaded: 0 });
    // The bucket is tried out anew, and the photos are in a catalogue of the new state.
    expect(tap.puts - putsBefore).toBeLessThanOrEqual(3);
    expect(await server.list(world.bucket)).toEqual(before);
    expect(await proveBackup(server, world, files)).toEqual(provenWhole);
  });

  it("keeps a stranger's object of the same key and size, and puts the photo beside it", async () => {
    const world = await newWorld();
    const [photo] = (await world.addPhotos(1)) as [string];
    await world.backUp();
    const key = readLedger(world.paths).get(photo)?.s3Key as string;
    const stranger = readFileSync(photo);
    rmSync(world.paths.stateDir, { recursive: true });
    const own = Buffer.from(stranger);
    // Not the last byte: a JPEG without its end would count as cut off.
    own[own.length - 9] = (own.at(-9) as number) ^ 0x01;
    writeFileSync(photo, own);

    const run = await world.backUp();
    expect(run.code).toBe(0);
    expect(summaryOf(run)).toMatchObject({ uploaded: 1, conflicts: 1 });
    const entry = readLedger(world.paths).get(photo);
    expect(entry?.s3Key).toMatch(/\.[0-9a-f]{8}\.jpg$/);
    expect(await server.get(world.bucket, key)).toEqual(stranger);
    expect(await server.get(world.bucket, entry?.s3Key as string)).toEqual(own);
  });
});

function summaryOf(run: Ended): RunSummary {
  return JSON.parse(run.stdout) as RunSummary;
}
