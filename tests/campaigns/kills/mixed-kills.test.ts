import { createHash } from "node:crypto";
import { createReadStream, openSync, rmSync, writeSync, closeSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { e2eServers, type E2eServer } from "../../support/helper-process/e2e-server.ts";
import { HelperWorld } from "../../support/helper-process/helper-world.ts";
import { readLedger, tornFiles } from "../../support/helper-process/read-state.ts";
import { seededBytes, seededRandom } from "../../support/photos/seeded-random.ts";
import { startRequestTap, type RequestTap } from "../../support/helper-process/request-tap.ts";

const kills = Number(process.env.MIXED_KILLS ?? 10);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
const mib = 1024 * 1024;
const movieBytes = 200 * mib;
const partBytes = 16 * mib;
const photosARound = 40;

/** Enough for 500 kills on a slow machine. */
const campaignMs = 2_400_000;

/** The real ones that are found, else the loopback. MIXED_KILLS is the number for each. */
const servers = e2eServers("minio", "versitygw");

describe.each(servers.length > 1 ? servers.slice(1) : servers)("kill -9 of a mixed backup to $name", ({ start }) => {
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
    `invariant 6: ${kills} kills at random moments cost at most one part each, and nothing else (SEED=${seed})`,
    async () => {
      const random = seededRandom(seed);
      await server.createBucket("mixed");
      const world = await HelperWorld.create({ server: { ...server, endpoint: tap.endpoint }, bucket: "mixed" });
      let hits = 0;
      let rounds = 0;
      let storedBytes = 0;
      for (let done = 0; done < kills; rounds += 1) {
        const movie = await addRound(world, rounds);
        let isWhole = false;
        while (!isWhole && done < kills) {
          const helper = world.start(world.backUpArgs);
          await Promise.race([randomMoment(tap, random), helper.ended]);
          const ended = await helper.kill("SIGKILL");
          done += 1;
          if (ended.signal === "SIGKILL") hits += 1;
          isWhole = ended.code === 0;
          expect(tornFiles(world.paths), `after kill ${done}, SEED=${seed}`).toEqual([]);
        }
        const last = await world.backUp();
        expect(last, `round ${rounds}, SEED=${seed}`).toMatchObject({ code: 0, stderr: "" });
        expect(JSON.parse(last.stdout)).toMatchObject({ conflicts: 0, failed: 0, deferred: 0 });
        await expectWhole(server, world, movie);
        storedBytes += movieBytes;
        // Fifty of them would fill a small disk.
        await server.remove("mixed", readLedger(world.paths).get(movie)?.s3Key ?? "");
        rmSync(movie);
      }
      expect(hits, `kills that hit a running helper, SEED=${seed}`).toBeGreaterThan(kills / 2);
      const objects = [...(await server.list("mixed")).values()];
      storedBytes += objects.reduce((sum, object) => sum + object.sizeBytes, 0);
      const sentBytes = [...tap.bodyBytes.values()].reduce((sum, bytes) => sum + bytes, 0);
      const sentTwiceBytes = sentBytes - storedBytes;
      expect(sentTwiceBytes, `bytes sent twice, SEED=${seed}`).toBeLessThanOrEqual(hits * partBytes);
      process.stdout.write(
        `${hits} of ${kills} kills hit, ${rounds} movies of 200 MiB and ${rounds * photosARound} photos, 0 lost; ` +
          `${(sentTwiceBytes / mib / hits).toFixed(1)} MiB sent twice a kill (SEED=${seed})\n`,
      );
    },
    campaignMs,
  );
});

/** A movie and some photos that no round before had. @returns the movie's path */
async function addRound(world: HelperWorld, round: number): Promise<string> {
  await world.addPhotos(photosARound, { approxBytes: 20_000, seed: 1_000 + round, into: `Round ${round}` });
  const movie = join(world.photosDir, `Round ${round}`, "movie.mov");
  const file = openSync(movie, "w");
  for (let written = 0; written < movieBytes; written += 4 * mib) {
    writeSync(file, seededBytes(round * 1_000 + written / mib, 4 * mib));
  }
  closeSync(file);
  return movie;
}

/** Every photo and the movie of this round have their object, byte for byte. */
async function expectWhole(server: E2eServer, world: HelperWorld, movie: string): Promise<void> {
  const ledger = readLedger(world.paths);
  const objects = await server.list(world.bucket);
  for (const [path, entry] of ledger) {
    if (entry.missingSince === undefined) expect(objects.get(entry.s3Key)?.sizeBytes, path).toBe(entry.size);
  }
  const entry = ledger.get(movie);
  const hash = createHash("sha256");
  await pipeline(createReadStream(movie), hash);
  const localSha256 = hash.digest("hex");
  expect(entry?.sha256).toBe(localSha256);
  const remote = await server.get(world.bucket, entry?.s3Key ?? "");
  expect(createHash("sha256").update(remote).digest("hex"), "the movie's bytes in the bucket").toBe(localSha256);
}

/**
 * Mostly around a body: while its headers, its bytes or its answer is under way, or what follows is written down. The
 * others come at any time of the start.
 */
async function randomMoment(tap: RequestTap, random: () => number): Promise<void> {
  if (random() < 0.2) return delay(random() * 900);
  const nth = random() < 0.5 ? 1 + Math.floor(random() * 3) : 1 + Math.floor(random() * 40);
  await tap.putPassed(nth);
  await delay(random() * 60);
}

/** Random lengths of time are what this test is about; nothing is waited for by them. */
function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
