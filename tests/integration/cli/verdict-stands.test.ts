import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { cliBench } from "../../support/engine/cli-bench.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";

const bucket = "my-photos";

async function backedUp() {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: [bucket] });
  onTestFinished(() => s3.close());
  const bench = await cliBench({
    openStore: async (destination, options) => {
      const store = new S3ObjectStore({ destination, credentials: async () => s3.credentials, ...options });
      onTestFinished(() => store.close());
      return store;
    },
  });
  for (const name of ["a.jpg", "b.jpg"]) writeFileSync(join(bench.folder, name), `the bytes of ${name}`);
  const place = ["--bucket", bucket, "--endpoint", s3.endpoint];
  await bench.run("backup", "Pictures", ...place, "--consent");
  s3.log.clear();
  expect(await bench.run("verify", "--json")).toMatchObject({ exitCode: 0 });
  // The last question of all is after the catalogue.
  const catalogueAt = s3.requests.length;
  return { s3, bench, catalogueAt };
}

test("what verify found of the photos stands when the bucket goes away before the catalogue was looked at", async () => {
  const { s3, bench, catalogueAt } = await backedUp();
  s3.faults.add({ kind: "status", status: 404, code: "NoSuchBucket", match: { nth: catalogueAt }, times: Infinity });
  const told = await bench.run("verify");
  expect(told).toMatchObject({ exitCode: 3, stderr: "" });
  expect(told.stdout).toContain("All 2 objects of the backup are in my-photos/photos");
  expect(told.stdout).toMatch(/Catalogue +not looked at: Bucket Not Found/);
  s3.faults.clear();
  s3.faults.add({ kind: "status", status: 404, code: "NoSuchBucket", match: { nth: catalogueAt }, times: Infinity });
  expect((await bench.run("verify", "--json")).json()).toMatchObject({
    ...{ kept: true, partial: false, present: 2, catalogue: null, catalogueError: { code: "bucket-missing" } },
  });
});

test("Ctrl+C while the catalogue is looked at keeps what was found of the photos", async () => {
  const { s3, bench, catalogueAt } = await backedUp();
  const stopping = new AbortController();
  bench.context.interrupted = stopping.signal;
  const stalled = s3.faults.add({ kind: "stall", match: { nth: catalogueAt } });
  void stalled.whenFired.then(() => stopping.abort(new Error("Ctrl+C")));
  const told = await bench.run("verify", "--json");
  expect(told.json()).toMatchObject({ kept: true, partial: false, present: 2, catalogue: null });
});
