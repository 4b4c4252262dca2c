import { describe, expect, test } from "vitest";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import type { LedgerPort } from "../../../helper/backup/ledger-port.ts";
import { bucket, engineBench, expectCountsAddUp, touch, type EngineBench } from "../../support/engine/engine-bench.ts";
import { systemError } from "../../support/engine/faulty-file-system.ts";

/** The bench's ledger, except for what a test does differently. */
function ledgerWith(bench: EngineBench, changes: Partial<LedgerPort>): LedgerPort {
  return new Proxy(bench.ledger as LedgerPort, {
    get: (ledger, name: keyof LedgerPort) => {
      const value = changes[name] ?? ledger[name];
      return typeof value === "function" ? value.bind(ledger) : value;
    },
  });
}

describe("a read that fails", () => {
  test.each([
    ["EPERM", -1, "file-permission", "failed"],
    ["EACCES", -13, "file-permission", "failed"],
    ["EIO", -5, "read-error", "failed"],
    ["ENXIO", -6, "read-error", "failed"],
    ["ENOSPC", -28, "unknown", "failed"],
    ["EMFILE", -24, "unknown", "failed"],
    ["Unknown system error -11", -11, "in-icloud", "deferred"],
    ["ETIMEDOUT", -60, "in-icloud", "deferred"],
  ] as const)("with %s is that photo's %s and nobody else's", async (code, errno, reason, kind) => {
    const bench = await engineBench();
    const bad = bench.photo("bad.jpg");
    bench.photo("good.jpg");
    bench.hooks.read = (path) => {
      if (path === bad) throw systemError(code, errno);
    };
    expect(await bench.run()).toMatchObject({ scanned: 2, uploaded: 1, [kind]: 1 });
    expect(bench.ledger.failure(bad)).toMatchObject({ code: reason, kind });
    expect(bench.ledger.lastBackup).toBeUndefined();
    delete bench.hooks.read;
    expect(await bench.run({ retryAll: true })).toMatchObject({ uploaded: 1, failed: 0, deferred: 0 });
    expect(bench.ledger.failure(bad)).toBeUndefined();
  });

  test("on EAGAIN, which is -11 on Linux, is not taken for a photo in iCloud", async () => {
    const bench = await engineBench();
    const bad = bench.photo("bad.jpg");
    bench.hooks.read = () => {
      throw systemError("EAGAIN", -11);
    };
    await bench.run();
    expect(bench.ledger.failure(bad)?.code).toBe("unknown");
  });
});

describe("invariant 8: trying again", () => {
  test("happens three times in a run, then at growing distances, then no more", async () => {
    const bench = await engineBench();
    const path = bench.photo("bad.jpg");
    let reads = 0;
    bench.hooks.read = () => {
      reads += 1;
      throw systemError("EIO", -5);
    };
    await bench.run();
    expect(reads).toBe(3);
    expect(await bench.run()).toMatchObject({ failed: 1 });
    expect(reads, "not before its time").toBe(3);
    for (let day = 0; day < 30; day += 1) {
      bench.clock.advance(86_400_000);
      await bench.run();
    }
    expect(reads).toBeLessThanOrEqual(9);
    expect(bench.ledger.failure(path)?.nextTryAt).toBeUndefined();
    touch(path, new Date(1_700_000_000_000));
    delete bench.hooks.read;
    expect(await bench.run()).toMatchObject({ uploaded: 1 });
  });

  test("of a photo that fails in turns in two ways comes to an end too", async () => {
    const bench = await engineBench();
    bench.photo("bad.jpg");
    let reads = 0;
    bench.hooks.read = () => {
      throw systemError(++reads % 2 ? "EIO" : "EMFILE", -5);
    };
    for (let day = 0; day < 30; day += 1) {
      bench.clock.advance(86_400_000);
      await bench.run();
    }
    expect(reads).toBeLessThanOrEqual(12);
  });

  test("of what a change elsewhere mends needs no change of the file", async () => {
    const bench = await engineBench();
    bench.photo("locked.jpg");
    bench.hooks.open = () => {
      throw systemError("EPERM", -1);
    };
    expect(await bench.run()).toMatchObject({ failed: 1 });
    delete bench.hooks.open;
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
  });

  test("of a photo in iCloud waits for its download, which changes neither size nor times", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg");
    bench.hooks.read = () => {
      throw systemError("Unknown system error -11", -11);
    };
    expect(await bench.run()).toMatchObject({ deferred: 1 });
    delete bench.hooks.read;
    expect(await bench.run()).toMatchObject({ uploaded: 1, deferred: 0 });
    expect(bench.ledger.get(path)).toBeDefined();
  });
});

describe("an exception nobody foresaw", () => {
  test("invariant 8: in one photo is that photo's failure, with its cause shown", async () => {
    const bench = await engineBench();
    const bad = bench.photo("bad.jpg");
    bench.photo("good.jpg");
    bench.hooks.open = (path) => {
      if (path === bad) throw new TypeError("a mistake of ours");
    };
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 1 });
    expect(bench.ledger.failure(bad)).toMatchObject({ code: "unknown", detail: "a mistake of ours" });
  });

  test("invariant 8: while recording is that photo's failure, never success", async () => {
    const bench = await engineBench();
    const bad = bench.photo("bad.jpg");
    bench.photo("good.jpg");
    const ledger = ledgerWith(bench, {
      put: (path, entry) => {
        if (path === bad) throw new TypeError("not a ledger entry");
        bench.ledger.put(path, entry);
      },
    });
    expect(await bench.run({ ledger })).toMatchObject({ uploaded: 1, alreadyBackedUp: 0, failed: 1 });
    expect(bench.ledger.lastBackup).toBeUndefined();
  });
});

describe("what stops the whole run", () => {
  test("a ledger that cannot be written stops uploads before it can lie", async () => {
    const bench = await engineBench();
    for (let i = 0; i < 20; i += 1) bench.photo(`${i}.jpg`);
    let puts = 0;
    const diskFull = () => {
      throw new BackupError("disk-full");
    };
    const ledger = ledgerWith(bench, {
      put: (path, entry) => (++puts > 5 ? diskFull() : bench.ledger.put(path, entry)),
      fail: diskFull,
      setLastBackup: diskFull,
    });
    await expect(bench.run({ ledger })).rejects.toMatchObject({ code: "disk-full" });
    expect([...bench.ledger.entries()]).toHaveLength(5);
    // The one whose record failed, and the one that was handed over while it was recorded.
    expect(bench.s3.objects(bucket).length).toBeLessThanOrEqual(7);
    expectCountsAddUp(bench.progress());
    expect(await bench.run()).toMatchObject({ scanned: 20, failed: 0, conflicts: 0 });
    expect(bench.s3.log.counts().PutObject).toBe(20);
  });

  test("a failure that cannot be recorded stops it too", async () => {
    const bench = await engineBench();
    bench.photo("empty.jpg", "");
    const ledger = ledgerWith(bench, {
      fail: () => {
        throw new BackupError("state-unwritable");
      },
    });
    await expect(bench.run({ ledger })).rejects.toMatchObject({ code: "state-unwritable" });
  });

  test.each([
    [403, "AccessDenied", "permission-denied"],
    [403, "InvalidAccessKeyId", "credentials-refused"],
    [404, "NoSuchBucket", "bucket-missing"],
    [507, "XMinioStorageFull", "quota-exceeded"],
  ])("the destination's %s %s stops it at once, with what was recorded kept", async (status, code, reason) => {
    const bench = await engineBench();
    for (let i = 0; i < 12; i += 1) bench.photo(`${i}.jpg`);
    const match = { operation: "PutObject", nth: 4 } as const;
    bench.s3.faults.add({ kind: "status", status, code, times: Infinity, match });
    await expect(bench.run()).rejects.toMatchObject({ code: reason });
    bench.s3.faults.assertAllFired();
    expect([...bench.ledger.entries()]).toHaveLength(3);
    expect([...bench.ledger.failures()]).toEqual([]);
    expect(bench.s3.log.counts().PutObject).toBe(4);
    expectCountsAddUp(bench.progress());
  });

  test("no store is opened where nothing needs it", async () => {
    const bench = await engineBench();
    const openStore = () => Promise.reject(new BackupError("credentials-missing"));
    expect(await bench.run({ openStore })).toMatchObject({ scanned: 0, requests: 0 });
    bench.photo("a.jpg");
    await expect(bench.run({ openStore })).rejects.toMatchObject({ code: "credentials-missing" });
  });
});
