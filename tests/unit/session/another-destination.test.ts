import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { BackupSession } from "../../../helper/session/backup-session.ts";
import { StatusPublisher } from "../../../helper/session/status-publisher.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { readStatus } from "../../../helper/state/files/status-store.ts";
import { isAllBackedUp } from "../../../src/words/all-backed-up.ts";
import { FakeClock } from "../../support/engine/fake-clock.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";
import { tempState } from "../../support/state/temp-state.ts";

/** Two buckets, one folder with one photo, and one publisher for whatever session is open. */
async function twoBuckets() {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: ["first", "second"] });
  const folder = join(mkdtempSync(join(tmpdir(), "photolala-switch-")), "Pictures");
  mkdirSync(folder);
  writeFileSync(join(folder, "a.jpg"), "a photo");
  onTestFinished(async () => {
    await s3.close();
    rmSync(join(folder, ".."), { recursive: true, force: true });
  });
  const paths = await tempState();
  const clock = new FakeClock(Date.now() + 3_600_000);
  const publisher = new StatusPublisher({
    paths,
    identity: {
      mode: "daemon",
      helperVersion: "1",
      pid: process.pid,
      processStartTime: "then",
      startedAt: clock.now(),
    },
    published: { activity: "idle", requestCount: () => 0, failures: () => [] },
    now: () => clock.now(),
  });
  const open = (bucket: string) => {
    const destination = { endpoint: s3.endpoint, region: s3.region, bucket, prefix: "photos" };
    const openStore = async () => new S3ObjectStore({ destination, credentials: async () => s3.credentials });
    const verifyOwnership = () => undefined;
    return BackupSession.open({
      paths,
      destination,
      openStore,
      publisher,
      patienceMs: Number.POSITIVE_INFINITY,
      verifyOwnership,
      clock,
    });
  };
  const run = {
    folders: [{ path: folder, root: folder, label: "Pictures" }],
    ...{ coversEverything: true, retryAll: false, retryPaths: new Set<string>(), anywayPaths: new Set<string>() },
    ...{ stopping: new AbortController().signal, aborting: new AbortController().signal },
  };
  const status = async () => {
    await publisher.flush();
    const written = await readStatus(paths);
    if (!written) throw new Error("no status was written");
    return written;
  };
  return { s3, clock, publisher, open, run, status };
}

it("invariant 1: nothing that was true of one bucket is said of another", async () => {
  const { s3, open, run, status } = await twoBuckets();
  const first = await open("first");
  await first.run(run);
  expect(isAllBackedUp(await status())).toBe(true);
  await first.close();

  const second = await open("second");
  const switched = await status();
  expect(isAllBackedUp(switched)).toBe(false);
  expect(switched).not.toHaveProperty("lastBackup");
  expect(switched).not.toHaveProperty("lastUpload");
  expect(switched).toMatchObject({ destination: { bucket: "second" }, counts: { backedUp: 0 } });

  s3.accessKeys.push({ ...s3.credentials, deniedActions: ["s3:ListBucket", "s3:GetObject", "s3:PutObject"] });
  s3.accessKeys.shift();
  await expect(second.run(run)).rejects.toMatchObject({ code: "permission-denied" });
  expect(await status()).not.toHaveProperty("lastBackup");
  await second.close();

  const again = await open("first");
  expect((await status()).lastBackup).toBeDefined();
  await again.close();
});

it("a backup that ended before a folder was chosen has not seen it", async () => {
  const { clock, publisher, open, run, status } = await twoBuckets();
  const session = await open("first");
  await session.run(run);
  expect((await status()).lastBackup).toBeDefined();
  publisher.published.newestFolderAt = new Date(clock.now() + 1_000).toISOString();
  expect(await status()).not.toHaveProperty("lastBackup");
  clock.advance(2_000);
  await session.run(run);
  expect((await status()).lastBackup).toBeDefined();
  await session.close();
});

it("a run that starts over still waits as long as the service asked", async () => {
  const { s3, clock, open, run } = await twoBuckets();
  s3.faults.add({
    kind: "status",
    status: 503,
    code: "SlowDown",
    retryAfter: 900,
    match: { operation: "ListObjectsV2" },
  });
  const session = await open("first");
  const stopping = new AbortController();
  clock.onSleep = () => stopping.abort(new Error("another run is wanted"));
  await expect(session.run({ ...run, stopping: stopping.signal })).rejects.toThrow("another run is wanted");
  clock.onSleep = () => undefined;

  const before = clock.now();
  await session.run(run);
  expect(clock.now() - before).toBeGreaterThanOrEqual(900_000);
  expect(s3.requests.filter((request) => request.operation === "ListObjectsV2")).toHaveLength(2);
  s3.faults.assertAllFired();
  await session.close();
});
