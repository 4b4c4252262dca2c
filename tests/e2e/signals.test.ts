import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LoopbackS3 } from "../support/loopback-s3/start-loopback-s3.ts";
import type { FaultRequest } from "../support/loopback-s3/faults.ts";
import { startLoopback, type E2eServer } from "../support/helper-process/e2e-server.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { falseEntries, proveBackup, provenWhole } from "../support/helper-process/prove-backup.ts";
import { leftovers, readLedger, tornFiles } from "../support/helper-process/read-state.ts";
import { until } from "../support/helper-process/until.ts";

/** With a body on the wire, which gets some time to end by itself. */
const promisedMs = 10_000;
/** With nothing on the wire there is nothing to wait for. */
const atOnceMs = 2_000;

const troubles: [string, FaultRequest, number?][] = [
  [
    "takes its time",
    { kind: "slow", bytesPerSecond: 20_000, match: { operation: "PutObject", keyPattern: ".jpg", nth: 3 } },
  ],
  ["stalls before its answer", { kind: "stall", match: { operation: "PutObject", keyPattern: ".jpg", nth: 3 } }],
  ["stalls amid a body", { kind: "stall-mid-body", match: { operation: "PutObject", keyPattern: ".jpg", nth: 3 } }],
  ["stalls at a question", { kind: "stall", match: { operation: "HeadObject", nth: 3 } }, atOnceMs],
  ["stalls at the first request", { kind: "stall", match: { operation: "ListObjectsV2" } }, atOnceMs],
  [
    "is out of order",
    { kind: "status", status: 503, retryAfter: 600, match: { operation: "PutObject", keyPattern: ".jpg", nth: 3 } },
    atOnceMs,
  ],
];

describe.each([
  ["SIGTERM", 143],
  ["SIGINT", 130],
] as const)("%s during a backup", (signal, exitCode) => {
  let server: E2eServer;
  let loopback: LoopbackS3;
  let world: HelperWorld;
  let files: string[];

  beforeEach(async () => {
    ({ server, loopback } = await startLoopback());
    await server.createBucket("photos-of-mine");
    world = await HelperWorld.create({ server, bucket: "photos-of-mine" });
    files = await world.addPhotos(6);
  });

  afterEach(() => server.close());

  it.each(troubles)(
    "ends it within 10 s and leaves everything whole while the store %s",
    async (_, trouble, mostMs = promisedMs) => {
      const fault = loopback.faults.add(trouble);
      const helper = world.start(world.backUpArgs);
      await fault.whenFired;

      const askedAt = performance.now();
      const ended = await helper.kill(signal);
      expect(performance.now() - askedAt).toBeLessThan(mostMs);
      expect(ended).toMatchObject({ code: exitCode, signal: null });
      expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: "interrupted" } });
      expect([...tornFiles(world.paths), ...leftovers(world.paths)]).toEqual([]);
      expect(await falseEntries(server, world)).toEqual([]);
      const known = readLedger(world.paths).size;
      expect((await server.list(world.bucket)).size, "objects without an entry").toBe(known);
      expect(JSON.parse((await world.run(["status", "--json"])).stdout)).toMatchObject({ running: false });
      loopback.faults.assertAllFired();

      loopback.faults.clear();
      const second = await world.backUp();
      expect(second.code).toBe(0);
      expect(JSON.parse(second.stdout)).toMatchObject({ alreadyBackedUp: known, uploaded: 6 - known, conflicts: 0 });
      expect(await proveBackup(server, world, files)).toEqual(provenWhole);
    },
  );

  it("ends a scan or a start as fast", async () => {
    const helper = world.start(world.backUpArgs);
    // The earliest moment that can be seen from outside: it has taken its lock, and waits for the photos to settle.
    await until(() => existsSync(world.paths.helperLock), Boolean);
    const ended = await helper.kill(signal);
    expect(ended.code).toBe(exitCode);
    expect([...tornFiles(world.paths), ...leftovers(world.paths)]).toEqual([]);
  });
});
