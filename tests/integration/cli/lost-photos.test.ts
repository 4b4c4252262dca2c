import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { readFailures } from "../../../helper/state/files/failures-store.ts";
import { cliBench } from "../../support/engine/cli-bench.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";

const bucket = "my-photos";

/** One photo here and in the bucket, one that is in neither place any more. */
async function lostBench() {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: [bucket] });
  onTestFinished(() => s3.close());
  const bench = await cliBench({
    openStore: async (destination, options) =>
      new S3ObjectStore({ destination, credentials: async () => s3.credentials, ...options }),
  });
  writeFileSync(join(bench.folder, "kept.jpg"), "kept");
  writeFileSync(join(bench.folder, "lost.jpg"), "lost");
  const place = ["--bucket", bucket, "--endpoint", s3.endpoint];
  await bench.run("backup", "Pictures", ...place, "--consent");
  rmSync(join(bench.folder, "lost.jpg"));
  await bench.run("backup", "Pictures", ...place);
  s3.deleteObjectDirectly(bucket, "photos/Pictures/lost.jpg");
  return { ...bench, place };
}

describe("a photo that is nowhere any more", () => {
  test("is found by verify, which ends with 1 and has Raycast's list of failures tell of it at once", async () => {
    const bench = await lostBench();
    expect(await readFailures(bench.paths)).toMatchObject({ total: 0 });
    expect(await bench.run("verify")).toMatchObject({ exitCode: 1 });
    expect(await readFailures(bench.paths)).toMatchObject({ total: 1, totalsByCode: { "gone-from-bucket": 1 } });
    expect(await bench.run("verify")).toMatchObject({ exitCode: 1 });
  });

  test("lets no backup end like one that has everything", async () => {
    const bench = await lostBench();
    await bench.run("verify");
    const answer = await bench.run("backup", "Pictures", ...bench.place);
    expect(answer.exitCode).toBe(1);
    expect(answer.stdout).toContain(`The one photo on this computer is in ${bucket}/photos.`);
    expect(answer.stdout).toContain("1 photo was lost in the bucket (gone or changed)");
    writeFileSync(join(bench.folder, "lost.jpg"), "lost");
    expect(await bench.run("backup", "Pictures", ...bench.place)).toMatchObject({ exitCode: 0 });
    expect(await bench.run("verify")).toMatchObject({ exitCode: 0 });
  });

  test("is told by a backup of another folder, which ends with 0 all the same", async () => {
    const bench = await lostBench();
    await bench.run("verify");
    mkdirSync(join(bench.cwd, "Scans"));
    writeFileSync(join(bench.cwd, "Scans", "a.jpg"), "a scan");
    const answer = await bench.run("backup", "Scans", ...bench.place, "--json");
    expect(answer).toMatchObject({ exitCode: 0 });
    expect(answer.json()).toMatchObject({ uploaded: 1, lostEverywhere: 1 });
  });
});
