import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { ObjectStore } from "../../../helper/backup/object-store.ts";
import { BackupSession } from "../../../helper/session/backup-session.ts";
import { StatusPublisher } from "../../../helper/session/status-publisher.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { readFailures } from "../../../helper/state/files/failures-store.ts";
import { readStatus } from "../../../helper/state/files/status-store.ts";
import { FakeClock } from "../../support/engine/fake-clock.ts";
import { startLoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";
import { tempState } from "../../support/state/temp-state.ts";

const bucket = "my-photos";

async function sessionBench() {
  const s3 = await startLoopbackS3({ accessKeyId: "key", secretAccessKey: "secret", buckets: [bucket] });
  const root = mkdtempSync(join(tmpdir(), "photolala-session-"));
  const folder = join(root, "Pictures");
  mkdirSync(folder);
  onTestFinished(async () => {
    await s3.close();
    rmSync(root, { recursive: true, force: true });
  });
  const paths = await tempState();
  const clock = new FakeClock(Date.now() + 3_600_000);
  const publisher = new StatusPublisher({
    paths,
    identity: { mode: "cli", helperVersion: "1", pid: process.pid, processStartTime: "then", startedAt: clock.now() },
    published: { activity: "starting", requestCount: () => 0, failures: () => [] },
    now: () => clock.now(),
  });
  const destination = { endpoint: s3.endpoint, region: s3.region, bucket, prefix: "photos" };
  const real = async (): Promise<ObjectStore> =>
    new S3ObjectStore({ destination, credentials: async () => s3.credentials });
  const open = (openStore = real) =>
    BackupSession.open({
      paths,
      destination,
      openStore,
      publisher,
      patienceMs: 0,
      verifyOwnership: () => undefined,
      clock,
    });
  const run = {
    folders: [{ path: folder, root: folder, label: "Pictures" }],
    ...{ coversEverything: true, retryAll: false, retryPaths: new Set<string>(), anywayPaths: new Set<string>() },
    ...{ stopping: new AbortController().signal, aborting: new AbortController().signal },
  };
  return { s3, folder, paths, clock, publisher, open, real, run };
}

describe("a session", () => {
  test("publishes what it did, and its ledger is whole at rest", async () => {
    const bench = await sessionBench();
    writeFileSync(join(bench.folder, "a.jpg"), "a photo");
    writeFileSync(join(bench.folder, "empty.jpg"), "");
    const session = await bench.open();
    await session.run(bench.run);
    await bench.publisher.flush();
    expect(await readStatus(bench.paths)).toMatchObject({
      counts: { onDisk: 2, backedUp: 1, failed: 1, waiting: 0 },
      health: { code: "ok" },
      lastUpload: expect.any(String),
      lastScan: expect.any(String),
    });
    expect(await readStatus(bench.paths)).not.toHaveProperty("lastBackup");
    expect(await readFailures(bench.paths)).toMatchObject({ total: 1, totalsByCode: { "empty-file": 1 } });
    await session.close();
    const again = await bench.open();
    expect([...again.ledger.entries()]).toHaveLength(1);
    expect([...again.ledger.failures()]).toHaveLength(1);
    await again.close();
  });

  test("an outage that ended the run is told, and nobody is said to wait for its end", async () => {
    const bench = await sessionBench();
    writeFileSync(join(bench.folder, "a.jpg"), "a photo");
    const session = await bench.open();
    bench.s3.faults.add({ kind: "status", status: 503, code: "SlowDown", times: Infinity });
    await expect(session.run(bench.run)).rejects.toMatchObject({ code: "throttled" });
    await bench.publisher.flush();
    expect(await readStatus(bench.paths)).toMatchObject({ activity: "waiting" });
    bench.publisher.published.activity = "stopped";
    await bench.publisher.flush();
    expect(await readStatus(bench.paths)).toMatchObject({ activity: "stopped", health: { code: "throttled" } });
    await session.close();
  });

  test("a store that could not be opened is opened anew by the next run", async () => {
    const bench = await sessionBench();
    writeFileSync(join(bench.folder, "a.jpg"), "a photo");
    let tries = 0;
    const session = await bench.open(async () => {
      tries += 1;
      if (tries === 1) throw new BackupError("credentials-missing");
      return bench.real();
    });
    await expect(session.run(bench.run)).rejects.toMatchObject({ code: "credentials-missing" });
    expect(await session.run(bench.run)).toMatchObject({ uploaded: 1 });
    await session.run(bench.run);
    expect(tries).toBe(2);
    await session.close();
  });

  test("what shows the progress cannot stop the backup", async () => {
    const bench = await sessionBench();
    writeFileSync(join(bench.folder, "a.jpg"), "a photo");
    const session = await BackupSession.open({
      ...{ paths: bench.paths, openStore: bench.real, publisher: bench.publisher, patienceMs: 0, clock: bench.clock },
      destination: { endpoint: bench.s3.endpoint, region: bench.s3.region, bucket, prefix: "photos" },
      verifyOwnership: () => undefined,
      onProgress: () => {
        throw new Error("the terminal is gone");
      },
    });
    expect(await session.run(bench.run)).toMatchObject({ uploaded: 1, failed: 0 });
    expect(bench.publisher.lastError).toMatchObject({ message: "the terminal is gone" });
    await session.close();
  });

  test("invariant 1: a ledger that is no longer ours records nothing and stops the run", async () => {
    const bench = await sessionBench();
    writeFileSync(join(bench.folder, "a.jpg"), "a photo");
    let isOurs = true;
    const destination = { endpoint: bench.s3.endpoint, region: bench.s3.region, bucket, prefix: "photos" };
    const session = await BackupSession.open({
      ...{ paths: bench.paths, openStore: bench.real, publisher: bench.publisher, patienceMs: 0, clock: bench.clock },
      destination,
      verifyOwnership: () => {
        if (!isOurs) throw new BackupError("another-helper-runs");
      },
    });
    isOurs = false;
    await expect(session.run(bench.run)).rejects.toMatchObject({ code: "another-helper-runs" });
    expect([...session.ledger.entries()]).toEqual([]);
    await session.close();
  });
});
