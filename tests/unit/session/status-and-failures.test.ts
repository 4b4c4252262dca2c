import { describe, expect, test } from "vitest";
import { newRunProgress, type RunProgress } from "../../../helper/backup/run-progress.ts";
import { failuresFileOf } from "../../../helper/session/failures-file-of.ts";
import { statusOf, type StatusSources } from "../../../helper/session/status-of.ts";
import { TransferSpeed } from "../../../helper/session/transfer-speed.ts";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { failuresFileSchema, failuresListedMost, type Failure } from "../../../helper/state/files/failures.ts";
import { statusSchema } from "../../../helper/state/files/status.ts";
import { someDestination, someFailure } from "../../support/state/samples.ts";

const now = Date.parse("2026-11-22T12:00:00Z");

function progressOf(changes: Partial<RunProgress> = {}): RunProgress {
  return { ...newRunProgress(now - 60_000), phase: "uploading", ...changes };
}

function statusWith(changes: Partial<StatusSources> = {}) {
  return statusOf({
    identity: { mode: "cli", helperVersion: "1.2.3", pid: 42, processStartTime: "then", startedAt: now - 90_000 },
    activity: "uploading",
    health: { code: "ok", since: new Date(now).toISOString() },
    destination: someDestination,
    progress: progressOf(),
    earlier: undefined,
    requests: 7,
    speedBytesPerSecond: 1000.4,
    lastBackup: undefined,
    lastScan: undefined,
    lastUpload: undefined,
    recorded: undefined,
    lost: undefined,
    now,
    ...changes,
  });
}

describe("the status", () => {
  test("is one that its schema takes, at every stage", () => {
    const current = { path: "/a.jpg", sizeBytes: 10, sentBytes: 3, startedAt: now };
    const stages = [
      undefined,
      progressOf({ phase: "scanning" }),
      progressOf({ current }),
      progressOf({ phase: "done" }),
    ];
    for (const progress of stages) expect(() => statusSchema.parse(statusWith({ progress }))).not.toThrow();
    expect(statusSchema.parse(statusWith({ destination: undefined }))).not.toHaveProperty("destination");
  });

  test("counts every photo on disk once", () => {
    const progress = progressOf({ scanned: 10, alreadyBackedUp: 2, uploaded: 3, failed: 1, deferred: 1, waiting: 3 });
    const { counts } = statusWith({ progress });
    expect(counts).toMatchObject({ onDisk: 10, backedUp: 5, waiting: 3, failed: 1, deferred: 1 });
    expect(counts.backedUp + counts.waiting + counts.failed + counts.deferred).toBe(counts.onDisk);
  });

  test("shows the counts of the scan before while a new scan counts", () => {
    const earlier = { counts: { ...statusWith().counts, onDisk: 99, backedUp: 99 }, folders: [] };
    const scanning = progressOf({ phase: "scanning", scanned: 3, waiting: 3 });
    expect(statusWith({ progress: scanning, earlier }).counts.onDisk).toBe(99);
    expect(statusWith({ progress: { ...scanning, phase: "uploading" }, earlier }).counts.onDisk).toBe(3);
  });

  test("tells the time that is left from what is left to send and the speed", () => {
    const current = { path: "/a.jpg", sizeBytes: 4_000, sentBytes: 1_000, startedAt: now };
    const progress = progressOf({ waiting: 2, waitingBytes: 11_000, current });
    expect(statusWith({ progress, speedBytesPerSecond: 1_000 }).secondsLeft).toBe(10);
    expect(statusWith({ progress, speedBytesPerSecond: 0 })).not.toHaveProperty("secondsLeft");
    expect(statusWith({ progress: progressOf(), speedBytesPerSecond: 5 })).not.toHaveProperty("secondsLeft");
  });

  test("names at most thirty kinds of other files, the most frequent first, and counts all", () => {
    const leftAlone = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`e${i}`, i + 1]));
    const { counts } = statusWith({ progress: progressOf({ leftAlone }) });
    expect(counts.leftAlone).toBe(5050);
    expect(Object.keys(counts.leftAloneByExtension)).toHaveLength(30);
    expect(counts.leftAloneByExtension.e99).toBe(100);
  });
});

describe("the failures' file", () => {
  const sources = { failures: [] as [string, Failure][], progress: undefined, stoppedBy: undefined, now };

  test("totals all and lists the first few hundred", () => {
    const failures = Array.from({ length: 1_000 }, (_, i): [string, Failure] => [
      `/${i}.jpg`,
      { ...someFailure(), code: i % 2 ? "read-error" : "in-icloud" },
    ]);
    const file = failuresFileSchema.parse(failuresFileOf({ ...sources, failures }));
    expect(file).toMatchObject({ total: 1_000, totalsByCode: { "read-error": 500, "in-icloud": 500 } });
    expect(file.photos).toHaveLength(failuresListedMost);
  });

  test("has one entry for what holds the whole run, and one for each folder that cannot be read", () => {
    const outage = { error: new BackupError("throttled", { detail: "HTTP 503" }), since: now - 5_000, nextTryAt: now };
    const unreadableFolders = [{ path: "/p/closed", error: new BackupError("folder-permission", { detail: "EPERM" }) }];
    const progress = progressOf({ outage, unreadableFolders, waiting: 12 });
    const file = failuresFileSchema.parse(failuresFileOf({ ...sources, progress }));
    expect(file.causes).toMatchObject([
      { code: "throttled", detail: "HTTP 503", photos: 12, since: "2026-11-22T11:59:55.000Z" },
      { code: "folder-permission", folder: "/p/closed" },
    ]);
    const stoppedBy = { error: new BackupError("bucket-missing"), since: now };
    const stopped = failuresFileOf({ ...sources, progress, stoppedBy });
    expect(stopped.causes[0]).toMatchObject({ code: "bucket-missing" });
    expect(stopped.causes).toHaveLength(2);
  });
});

describe("the speed", () => {
  test("is that of the last half minute", () => {
    const speed = new TransferSpeed();
    expect(speed.bytesPerSecond()).toBe(0);
    speed.add(0, 0);
    expect(speed.bytesPerSecond()).toBe(0);
    speed.add(1_000, 5_000);
    expect(speed.bytesPerSecond()).toBe(5_000);
    for (let second = 2; second <= 100; second += 1) speed.add(second * 1_000, 5_000 + second * 100);
    expect(speed.bytesPerSecond()).toBeCloseTo(100, 5);
    speed.reset();
    expect(speed.bytesPerSecond()).toBe(0);
  });

  test("is never negative, not even when a body starts anew, and never endless", () => {
    const speed = new TransferSpeed();
    speed.add(0, 9_000);
    speed.add(0, 10_000);
    expect(speed.bytesPerSecond()).toBe(0);
    speed.add(1_000, 1_000);
    expect(speed.bytesPerSecond()).toBe(0);
  });
});
