import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isOnVolume } from "../../../helper/backup/translate-file-error.ts";
import { engineBench } from "../../support/engine/engine-bench.ts";
import { systemError } from "../../support/engine/faulty-file-system.ts";

describe("a disk that goes away during the run", () => {
  test("is a folder that cannot be read, never a complete backup", async () => {
    const bench = await engineBench();
    const paths = Array.from({ length: 20 }, (_, i) => bench.photo(`${i}.jpg`));
    let isGone = false;
    const whenGone = (path: string) => {
      if (isGone && path.startsWith(bench.folder)) throw systemError("ENOENT", -2);
    };
    Object.assign(bench.hooks, { lstat: whenGone, open: whenGone, readdir: whenGone });
    bench.s3.faults.add({ kind: "status", status: 503, retryAfter: 1, match: { operation: "PutObject", nth: 5 } });
    bench.clock.onSleep = () => void (isGone = true);
    const summary = await bench.run();
    bench.s3.faults.assertAllFired();
    expect(isGone).toBe(true);
    expect(summary.unreadableFolders).toEqual([bench.folder]);
    expect(bench.ledger.lastBackup).toBeUndefined();
    expect(paths.filter((path) => bench.ledger.get(path)?.missingSince)).toEqual([]);
  });

  test("an empty mount point with photos in the ledger is offline, not empty", async () => {
    const bench = await engineBench();
    expect(isOnVolume("/Volumes/Card/DCIM")).toBe(true);
    expect(isOnVolume("/Users/jo/Volumes/x")).toBe(false);
    const card = { path: "/Volumes/Card/DCIM", root: "/Volumes/Card/DCIM", label: "DCIM" };
    const path = "/Volumes/Card/DCIM/a.jpg";
    bench.ledger.put(path, { uploadedAt: "2026-01-01T00:00:00.000Z", size: 1, s3Key: "photos/DCIM/a.jpg" });
    const summary = await bench.run({ folders: [card], fs: emptyDisk() });
    expect(summary).toMatchObject({ scanned: 0, unreadableFolders: [card.path] });
    expect(bench.progress().folders[0]?.state).toBe("volume-offline");
    expect(bench.ledger.get(path)?.missingSince).toBeUndefined();
    expect(bench.ledger.lastBackup).toBeUndefined();
  });
});

function emptyDisk() {
  const unreachable = () => {
    throw systemError("ENOENT", -2);
  };
  return { readdir: () => [], lstat: unreachable, open: unreachable, fileSystemType: unreachable };
}

describe("photos that vanish under way", () => {
  test("because they were deleted are no longer counted, and the run is complete without them", async () => {
    const bench = await engineBench();
    bench.photo("a.jpg");
    const gone = bench.photo("b.jpg");
    bench.hooks.open = (path) => void (path === gone && rmSync(gone, { force: true }));
    expect(await bench.run()).toMatchObject({ scanned: 1, uploaded: 1, failed: 0, deferred: 0 });
    expect(bench.progress().folders[0]).toMatchObject({ onDisk: 1, backedUp: 1 });
    expect(bench.ledger.lastBackup).toBeDefined();
  });

  test("because their folder was renamed are found where they are now, in the same run", async () => {
    const bench = await engineBench();
    for (let i = 0; i < 6; i += 1) bench.photo(`before/${i}.jpg`);
    const [from, to] = [join(bench.folder, "before"), join(bench.folder, "after")];
    let opens = 0;
    bench.hooks.open = () => void (++opens === 4 && renameSync(from, to));
    const summary = await bench.run();
    expect(summary).toMatchObject({ scanned: 6, failed: 0, deferred: 0 });
    expect(summary.uploaded + summary.alreadyBackedUp).toBe(6);
    for (let i = 0; i < 6; i += 1) expect(bench.ledger.get(join(to, `${i}.jpg`)), `${i}`).toBeDefined();
    expect(bench.ledger.lastBackup).toBeDefined();
  });

  test("again and again end the run without a claim, not in an endless loop", async () => {
    const bench = await engineBench();
    let path = bench.photo("0.jpg");
    let moves = 0;
    bench.hooks.open = () => {
      const next = join(bench.folder, `${++moves}.jpg`);
      renameSync(path, next);
      path = next;
    };
    await bench.run();
    expect(moves).toBe(3);
    expect(bench.ledger.lastBackup).toBeUndefined();
    delete bench.hooks.open;
    expect(await bench.run()).toMatchObject({ uploaded: 1 });
  });
});
