import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunSummary } from "../../helper/backup/run-summary.ts";
import { e2eServers, type E2eServer } from "../support/helper-process/e2e-server.ts";
import type { HelperProcess } from "../support/helper-process/helper-process.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { falseEntries, proveBackup, provenWhole } from "../support/helper-process/prove-backup.ts";
import { leftovers, readLedger, tornFiles } from "../support/helper-process/read-state.ts";
import { startRequestTap, type RequestTap } from "../support/helper-process/request-tap.ts";
import { seededRandom } from "../support/photos/seeded-random.ts";

const photoCount = Number(process.env.E2E_PHOTOS ?? 150);
const kills = Number(process.env.KILLS ?? 12);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** Enough for the sizes of the full test run. */
const wholeSizeMs = 900_000;

describe.each(e2eServers("minio"))("kill -9 during a backup to $name", ({ start }) => {
  let server: E2eServer;
  let tap: RequestTap;

  beforeAll(async () => {
    server = await start();
    tap = await startRequestTap(server.port);
  });

  afterAll(async () => {
    await tap.close();
    await server.close();
  });

  it(
    `invariant 6: ${kills} kills at random moments lose nothing, tear nothing and send nothing twice (SEED=${seed})`,
    async () => {
      const random = seededRandom(seed);
      await server.createBucket("kills");
      const world = await HelperWorld.create({ server: { ...server, endpoint: tap.endpoint }, bucket: "kills" });
      const files = await world.addPhotos(photoCount, { approxBytes: 20_000, seed });
      let hits = 0;

      for (let kill = 1; kill <= kills; kill += 1) {
        const helper = world.start(world.backUpArgs);
        await randomMoment(helper, tap, random);
        const ended = await helper.kill("SIGKILL");
        if (ended.signal === "SIGKILL") hits += 1;
        const where = `after kill ${kill}, SEED=${seed}`;
        expect(tornFiles(world.paths), where).toEqual([]);
        expect(await falseEntries(server, world), where).toEqual([]);
      }
      // A run may end before its moment; a test whose kills mostly come too late would prove nothing.
      expect(hits, `kills that hit a running helper, SEED=${seed}`).toBeGreaterThan(kills / 2);

      const last = await world.backUp();
      expect(last, `SEED=${seed}`).toMatchObject({ code: 0, stderr: "" });
      expect(JSON.parse(last.stdout) as RunSummary).toMatchObject({ scanned: photoCount, conflicts: 0, failed: 0 });
      expect((await server.list("kills")).size, `objects, SEED=${seed}`).toBe(photoCount);
      expect(readLedger(world.paths).size).toBe(photoCount);
      expect(await proveBackup(server, world, files)).toEqual(provenWhole);
      expect([...tornFiles(world.paths), ...leftovers(world.paths)]).toEqual([]);

      const puts = tap.puts;
      expect(JSON.parse((await world.backUp()).stdout)).toMatchObject({ uploaded: 0, requests: 0 });
      expect(tap.puts).toBe(puts);
    },
    wholeSizeMs,
  );
});

/**
 * Most kills come around a PUT: while its headers, its body or its answer is under way, or the journal is written. The
 * others come at any time of the start: before the locks, amid the opening of the ledger, during the scan.
 */
async function randomMoment(helper: HelperProcess, tap: RequestTap, random: () => number): Promise<void> {
  const putsMost = Math.max(2, Math.floor((1.6 * photoCount) / kills));
  const moment = random() < 0.2 ? delay(random() * 600) : tap.putPassed(1 + Math.floor(random() * putsMost));
  await Promise.race([moment, helper.ended]);
  await delay(random() * 8);
}

/** Random lengths of time are what this test is about; nothing is waited for by them. */
function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
