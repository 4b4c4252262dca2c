import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { writeRequest } from "../../../helper/state/files/request-store.ts";
import { readSettings } from "../../../helper/state/files/settings-store.ts";
import { readAskedFor } from "../../../helper/session/asked-for.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";
import { cliBench } from "../../support/engine/cli-bench.ts";

const bucket = "my-photos";

async function backupBench() {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: [bucket] });
  const bench = await cliBench({
    openStore: async (destination, options) =>
      new S3ObjectStore({ destination, credentials: async () => s3.credentials, ...options }),
  });
  onTestFinished(() => s3.close());
  writeFileSync(join(bench.folder, "a.jpg"), "a photo");
  return { ...bench, s3, place: ["--bucket", bucket, "--endpoint", s3.endpoint, "--consent"] };
}

test("a named folder that is missing keeps no other from its backup, and ends with 1", async () => {
  const bench = await backupBench();
  const answer = await bench.run("backup", "Pictures", "gone", ...bench.place, "--json");
  expect(answer.exitCode).toBe(1);
  expect(answer.json()).toMatchObject({ uploaded: 1, unreadableFolders: [join(bench.cwd, "gone")] });
});

test("an outage is told on stderr where no bar shows it, once, and its end too", async () => {
  const bench = await backupBench();
  bench.s3.faults.add({ kind: "status", status: 503, code: "SlowDown", times: 2 });
  const { exitCode, stderr } = await bench.run("backup", "Pictures", ...bench.place, "--patience", "60");
  expect(exitCode).toBe(0);
  expect(stderr.match(/Slowed Down by the Service: .* Trying for up to 60 seconds more/g)).toHaveLength(1);
  expect(stderr).toContain("It answers again.");
  bench.s3.faults.assertAllFired();
});

test("a one-off backup keeps what was asked about other folders", async () => {
  const bench = await backupBench();
  await writeRequest(bench.paths, { kind: "retry", paths: ["/elsewhere/b.jpg"] });
  await bench.run("consent", "--bucket", bucket, "--endpoint", bench.s3.endpoint);
  await bench.run("folders", "add", "Pictures");
  const card = join(bench.cwd, "Card");
  mkdirSync(card);
  expect((await bench.run("backup", "Card")).exitCode).toBe(0);
  expect([...(await readAskedFor(bench.paths)).retryPaths]).toEqual(["/elsewhere/b.jpg"]);
});

test("failures retry refuses a photo that is not among the failures", async () => {
  const bench = await backupBench();
  writeFileSync(join(bench.folder, "empty.jpg"), "");
  await bench.run("backup", "Pictures", ...bench.place);
  const slip = await bench.run("failures", "retry", "Pictures/emtpy.jpg");
  expect(slip).toMatchObject({ exitCode: 2, stdout: "" });
  expect(slip.stderr).toContain("is not among the failures");
  expect((await bench.run("failures", "retry", "Pictures/empty.jpg")).exitCode).toBe(0);
  expect([...(await readAskedFor(bench.paths)).retryPaths]).toEqual([join(bench.folder, "empty.jpg")]);
});

test("a bucket's name with a slip in it takes no other's place, though it was agreed to", async () => {
  const bench = await backupBench();
  expect((await bench.run("backup", "Pictures", ...bench.place)).exitCode).toBe(0);
  const slip = ["--bucket", "my-photso", "--endpoint", bench.s3.endpoint, "--consent"];
  expect((await bench.run("backup", "Pictures", ...slip)).exitCode).toBe(3);
  expect((await readSettings(bench.paths)).destination?.bucket).toBe(bucket);
  expect((await bench.run("backup", "Pictures", "--json")).json()).toMatchObject({ alreadyBackedUp: 1 });
});
