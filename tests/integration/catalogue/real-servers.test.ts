import { readFileSync, rmSync } from "node:fs";
import { createHash } from "node:crypto";
import { ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, onTestFinished, test } from "vitest";
import type { RunSummary } from "../../../helper/backup/run-summary.ts";
import { readByHand } from "../../support/engine/session-bench.ts";
import { e2eServers, type E2eServer } from "../../support/helper-process/e2e-server.ts";
import { HelperWorld } from "../../support/helper-process/helper-world.ts";
import { readLedger } from "../../support/helper-process/read-state.ts";
import { startRequestTap } from "../../support/helper-process/request-tap.ts";
import { seededRandom } from "../../support/photos/seeded-random.ts";

const photoCount = Number(process.env.CATALOGUE_PHOTOS ?? 1_200);
const kills = Number(process.env.CATALOGUE_KILLS ?? 6);
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

const bucket = "catalogued";

/** The keys that `E2eServer.list` leaves out. */
async function pieceKeys(server: E2eServer): Promise<string[]> {
  const { endpoint, region, accessKeyId, secretAccessKey } = server;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "photos/.photolala/" }));
  client.destroy();
  return (page.Contents ?? []).map(({ Key = "" }) => Key).filter((key) => key.endsWith(".jsonl.gz"));
}

/** Compares disk and bucket by nothing but what the bucket says. */
async function expectBucketAloneTellsAll(server: E2eServer, files: string[]): Promise<void> {
  const lines = await readByHand(await pieceKeys(server), (key) => server.get(bucket, key));
  expect([...lines.keys()].sort()).toEqual([...files].sort());
  const objects = await server.list(bucket);
  for (const file of files) {
    const bytes = readFileSync(file);
    const line = lines.get(file) as { key: string; sha256: string; size: number };
    expect(line.sha256, file).toBe(createHash("sha256").update(bytes).digest("hex"));
    expect(objects.get(line.key), file).toMatchObject({ sizeBytes: bytes.length });
  }
}

const summaryOf = ({ stdout }: { stdout: string }) => JSON.parse(stdout) as RunSummary;

describe.each(e2eServers("minio", "versitygw"))("the catalogue at $name", ({ start }) => {
  test(
    `invariants 6 and 11: ${kills} kills, then the ledger lost: nothing is missing, nothing is sent again (SEED=${seed})`,
    { timeout: 900_000 },
    async () => {
      const random = seededRandom(seed);
      const server = await start();
      onTestFinished(() => server.close());
      const tap = await startRequestTap(server.port);
      onTestFinished(() => tap.close());
      await server.createBucket(bucket);
      const world = await HelperWorld.create({ server: { ...server, endpoint: tap.endpoint }, bucket });
      const files = await world.addPhotos(photoCount, { approxBytes: 2_000, seed });

      for (let kill = 1; kill <= kills; kill += 1) {
        const helper = world.start(world.backUpArgs);
        // Around the closing of the first piece, and of the last.
        const ended = await Promise.race([
          helper.ended.then(() => true),
          tap.putPassed(1 + Math.floor((random() * 2.2 * photoCount) / kills)).then(() => false),
        ]);
        if (!ended) await helper.kill("SIGKILL");
      }
      expect(summaryOf(await world.backUp())).toMatchObject({ scanned: photoCount, failed: 0, conflicts: 0 });
      await expectBucketAloneTellsAll(server, files);
      expect(summaryOf(await world.backUp())).toMatchObject({ uploaded: 0, requests: 0 });

      const pieces = (await pieceKeys(server)).length;
      rmSync(world.paths.stateDir, { recursive: true });
      const rebuilt = summaryOf(await world.backUp());
      expect(rebuilt).toMatchObject({ uploaded: 0, alreadyBackedUp: photoCount, failed: 0, conflicts: 0 });
      // The probe, the listing, the old pieces, the new one: no HEAD a photo.
      expect(rebuilt.requests).toBeLessThan(20 + pieces + photoCount / 1_000);
      expect([...readLedger(world.paths).keys()].sort()).toEqual([...files].sort());
      await expectBucketAloneTellsAll(server, files);
    },
  );
});
