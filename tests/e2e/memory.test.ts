import { existsSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLoopbackS3, type LoopbackS3 } from "../support/loopback-s3/start-loopback-s3.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { until } from "../support/helper-process/until.ts";

/** The promise is for 10,000, which the full test run asks for. */
const photoCount = Number(process.env.E2E_MEMORY_PHOTOS ?? 600);
const promisedMiB = 150;
const credentials = { accessKeyId: "loopback-key", secretAccessKey: "loopback-secret" };

/** Enough for the sizes of the full test run. */
const wholeSizeMs = 900_000;

describe(`the helper's memory during a backup of ${photoCount} photos`, () => {
  let loopback: LoopbackS3;

  beforeAll(async () => {
    loopback = await startLoopbackS3({ ...credentials, buckets: ["photos-of-mine"], keepBodies: "hash-only" });
  });

  afterAll(() => loopback.close());

  it(
    `stays under ${promisedMiB} MiB`,
    async () => {
      const world = await HelperWorld.create({ server: { ...loopback, ...credentials }, bucket: "photos-of-mine" });
      await world.addPhotos(photoCount, { approxBytes: 20_000 });
      await world.setUp();
      const daemon = world.start(["run"]);
      await until(() => world.status?.lastBackup, undefined, wholeSizeMs);
      const peakMiB = peakMemoryMiB(daemon.pid);
      expect(await daemon.kill("SIGTERM")).toMatchObject({ code: 0 });
      const photos = loopback.objects("photos-of-mine").filter(({ key }) => !key.includes("/.photolala/"));
      expect(photos).toHaveLength(photoCount);
      expect(peakMiB, "MiB at the highest").toBeLessThan(promisedMiB);
      expect(peakMiB, "a figure that can be true").toBeGreaterThan(20);
    },
    wholeSizeMs,
  );
});

/** The most it ever held, from the kernel; elsewhere than on Linux only what it holds now, asked of `ps`. */
function peakMemoryMiB(pid: number): number {
  if (!existsSync("/proc/self/status")) throw new Error("only Linux tells the peak of another process");
  const [, kiB] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kiB) / 1024;
}
