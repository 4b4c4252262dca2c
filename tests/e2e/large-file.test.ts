import { closeSync, createReadStream, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { e2eServers, type E2eServer } from "../support/helper-process/e2e-server.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { readLedger } from "../support/helper-process/read-state.ts";
import { until } from "../support/helper-process/until.ts";
import { seededBytes } from "../support/photos/seeded-random.ts";

const mib = 1024 * 1024;
/** The promise is for every size; the full test run asks for 1,024. */
const sizeMiB = Number(process.env.LARGE_FILE_MIB ?? 100);
const promisedMiB = 150;

/** Enough for a gibibyte on a slow machine. */
const wholeSizeMs = 600_000;

describe.each(e2eServers("minio").slice(-1))(`a movie of ${sizeMiB} MiB to $name`, ({ start }) => {
  let server: E2eServer;

  beforeAll(async () => {
    server = await start();
  });

  afterAll(() => server.close());

  it(
    `goes in parts within ${promisedMiB} MiB of memory, and is the movie byte for byte`,
    async () => {
      await server.createBucket("movies");
      const world = await HelperWorld.create({ server, bucket: "movies" });
      const movie = writeMovie(world.photosDir);
      await world.setUp();
      const daemon = world.start(["run"]);
      await until(() => world.status?.lastBackup, undefined, wholeSizeMs);
      const [, peakKiB] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${daemon.pid}/status`, "utf8")) ?? [];
      expect(await daemon.kill("SIGTERM")).toMatchObject({ code: 0 });
      const entry = readLedger(world.paths).get(movie);
      const hash = createHash("sha256");
      await pipeline(createReadStream(movie), hash);
      expect(entry?.sha256).toBe(hash.digest("hex"));
      const object = await server.get("movies", entry?.s3Key ?? "");
      expect(createHash("sha256").update(object).digest("hex")).toBe(entry?.sha256);
      expect((await server.list("movies")).get(entry?.s3Key ?? "")?.etag, "sent in parts").toMatch(/-\d+$/);
      expect(Number(peakKiB) / 1024, "MiB at the highest").toBeLessThan(promisedMiB);
    },
    wholeSizeMs,
  );
});

function writeMovie(dir: string): string {
  mkdirSync(dir, { recursive: true });
  const path = join(dir, "movie.mov");
  const file = openSync(path, "w");
  for (let written = 0; written < sizeMiB; written += 4) writeSync(file, seededBytes(written + 1, 4 * mib));
  closeSync(file);
  return path;
}
