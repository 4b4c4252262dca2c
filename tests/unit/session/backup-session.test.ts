import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { readFailures } from "../../../helper/state/files/failures-store.ts";
import { readStatus } from "../../../helper/state/files/status-store.ts";
import { sessionBench } from "../../support/engine/session-bench.ts";

/** Whose runs try no failure again that is not due. */
async function patientBench() {
  const bench = await sessionBench();
  return { ...bench, run: { ...bench.runOf(), retryAll: false } };
}

describe("a session", () => {
  test("publishes what it did, and its ledger is whole at rest", async () => {
    const bench = await patientBench();
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
    const bench = await patientBench();
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
    const bench = await patientBench();
    writeFileSync(join(bench.folder, "a.jpg"), "a photo");
    let tries = 0;
    const session = await bench.open({
      openStore: async () => {
        tries += 1;
        if (tries === 1) throw new BackupError("credentials-missing");
        return bench.openStore();
      },
    });
    await expect(session.run(bench.run)).rejects.toMatchObject({ code: "credentials-missing" });
    expect(await session.run(bench.run)).toMatchObject({ uploaded: 1 });
    await session.run(bench.run);
    expect(tries).toBe(2);
    await session.close();
  });

  test("what shows the progress cannot stop the backup", async () => {
    const bench = await patientBench();
    writeFileSync(join(bench.folder, "a.jpg"), "a photo");
    const session = await bench.open({
      onProgress: () => {
        throw new Error("the terminal is gone");
      },
    });
    expect(await session.run(bench.run)).toMatchObject({ uploaded: 1, failed: 0 });
    expect(bench.publisher.lastError).toMatchObject({ message: "the terminal is gone" });
    await session.close();
  });

  test("invariant 1: a ledger that is no longer ours records nothing and stops the run", async () => {
    const bench = await patientBench();
    writeFileSync(join(bench.folder, "a.jpg"), "a photo");
    let isOurs = true;
    const session = await bench.open({
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
