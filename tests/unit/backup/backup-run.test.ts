import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bucket, engineBench, expectCountsAddUp, sha256Of, touch } from "../../support/engine/engine-bench.ts";
import { systemError } from "../../support/engine/faulty-file-system.ts";

describe("what a run says about itself", () => {
  test("counts every photo once, whatever became of it, and leaves other files alone by name", async () => {
    const bench = await engineBench();
    bench.photo("there.jpg", "there");
    await bench.run();
    bench.photo("new.jpg");
    bench.photo("empty.jpg", "");
    bench.photo("zeros.heic", Buffer.alloc(5_000));
    bench.photo("locked.jpg");
    bench.photo("notes.txt");
    bench.photo("more notes.TXT");
    bench.photo("README");
    symlinkSync(join(bench.folder, "new.jpg"), join(bench.folder, "link.jpg"));
    bench.hooks.open = (path) => {
      if (path.endsWith("locked.jpg")) throw systemError("EACCES", -13);
    };
    const summary = await bench.run();
    expect(summary).toMatchObject({
      ...{ scanned: 5, uploaded: 1, alreadyBackedUp: 1, failed: 3, deferred: 0, unreadableFolders: [] },
      leftAlone: { txt: 2, "": 1, "(link)": 1 },
    });
    const codes = [...bench.ledger.failures()].map(([path, { code }]) => [path.split("/").at(-1), code]);
    expect(Object.fromEntries(codes)).toEqual({
      "empty.jpg": "empty-file",
      "zeros.heic": "all-zeros",
      "locked.jpg": "file-permission",
    });
    expect(bench.s3.objects(bucket).map(({ key }) => key)).toEqual([
      "photos/Pictures/new.jpg",
      "photos/Pictures/there.jpg",
    ]);
  });

  test("lastBackup is the end of a run that left nothing, and stays when a later one left something", async () => {
    const bench = await engineBench();
    bench.photo("a.jpg");
    await bench.run();
    const whole = bench.ledger.lastBackup;
    expect(whole).toBe(new Date(bench.clock.now()).toISOString());
    bench.photo("empty.jpg", "");
    bench.clock.advance(60_000);
    expect(await bench.run()).toMatchObject({ failed: 1 });
    expect(bench.ledger.lastBackup).toBe(whole);
    rmSync(join(bench.folder, "empty.jpg"));
    await bench.run();
    expect(Date.parse(bench.ledger.lastBackup ?? "")).toBeGreaterThan(Date.parse(whole ?? ""));
  });

  test("lastBackup is not touched by a run of some folders only", async () => {
    const bench = await engineBench();
    bench.photo("a.jpg");
    expect(await bench.run({ coversEverything: false })).toMatchObject({ uploaded: 1 });
    expect(bench.ledger.lastBackup).toBeUndefined();
  });

  test("photos that look broken are backed up when the person says so", async () => {
    const bench = await engineBench();
    const empty = bench.photo("empty.jpg", "");
    const zeros = bench.photo("zeros.jpg", Buffer.alloc(100));
    await bench.run();
    expect(await bench.run({ anywayPaths: new Set([empty, zeros]) })).toMatchObject({ uploaded: 2, failed: 0 });
    expect(await bench.stored("empty.jpg")).toBe(sha256Of(""));
    expect([...bench.ledger.failures()]).toEqual([]);
  });
});

describe("invariant 4: a photo deleted from the disk", () => {
  test("keeps its entry and its object, with the time since when it is missing", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg");
    bench.photo("b.jpg");
    await bench.run();
    rmSync(path);
    expect(await bench.run()).toMatchObject({ scanned: 1, alreadyBackedUp: 1 });
    const missingSince = bench.ledger.get(path)?.missingSince;
    expect(missingSince).toBe(new Date(bench.clock.now()).toISOString());
    expect(await bench.stored("a.jpg")).toBeDefined();
    bench.clock.advance(60_000);
    await bench.run();
    expect(bench.ledger.get(path)?.missingSince).toBe(missingSince);
  });

  test("that comes back is no longer missing, and is not sent again", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg");
    await bench.run();
    renameSync(path, `${path}.away`);
    await bench.run();
    renameSync(`${path}.away`, path);
    expect(await bench.run()).toMatchObject({ uploaded: 0, alreadyBackedUp: 1 });
    expect(bench.ledger.get(path)?.missingSince).toBeUndefined();
  });

  test("is not assumed below a folder that could not be read, which also keeps lastBackup back", async () => {
    const bench = await engineBench();
    const open = bench.photo("open/a.jpg");
    const closed = bench.photo("closed/b.jpg");
    await bench.run();
    const before = bench.ledger.lastBackup;
    rmSync(open);
    bench.hooks.readdir = (path) => {
      if (path.endsWith("/closed")) throw systemError("EPERM", -1);
    };
    bench.clock.advance(60_000);
    const summary = await bench.run();
    expect(summary.unreadableFolders).toEqual([join(bench.folder, "closed")]);
    expect(bench.progress().folders[0]?.state).toBe("folder-permission");
    expect(bench.ledger.get(open)?.missingSince).toBeDefined();
    expect(bench.ledger.get(closed)?.missingSince).toBeUndefined();
    expect(bench.ledger.lastBackup).toBe(before);
  });

  test("is not assumed when the whole folder is gone, nor that of another folder", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg");
    await bench.run();
    const away = `${bench.folder} of last year`;
    renameSync(bench.folder, away);
    const summary = await bench.run();
    expect(summary).toMatchObject({ scanned: 0, unreadableFolders: [bench.folder] });
    expect(bench.progress().folders[0]?.state).toBe("folder-missing");
    expect(bench.ledger.get(path)?.missingSince).toBeUndefined();
    const other = { path: away, root: away, label: "Other" };
    await bench.run({ folders: [other] });
    expect(bench.ledger.get(path)?.missingSince).toBeUndefined();
    renameSync(away, bench.folder);
  });

  test("also forgets that it had failed", async () => {
    const bench = await engineBench();
    const path = bench.photo("empty.jpg", "");
    await bench.run();
    rmSync(path);
    await bench.run();
    expect([...bench.ledger.failures()]).toEqual([]);
  });
});

describe("files that are still being written", () => {
  test("are taken once they have stayed the same for a moment", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", "half");
    touch(path, new Date(bench.clock.now() - 500));
    bench.clock.onSleep = () => {
      if (bench.clock.sleeps.length > 1) return;
      writeFileSync(path, "half and half");
      touch(path, new Date(bench.clock.now()));
    };
    expect(await bench.run()).toMatchObject({ uploaded: 1, deferred: 0 });
    expect(await bench.stored("a.jpg")).toBe(sha256Of("half and half"));
    expect(bench.clock.sleeps).toEqual([2_000, 2_000]);
  });

  test("for longer are left for the next run, and keep lastBackup back", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg");
    bench.photo("b.jpg");
    const write = () => touch(path, new Date(bench.clock.now()));
    write();
    bench.clock.onSleep = write;
    expect(await bench.run()).toMatchObject({ uploaded: 1, deferred: 1 });
    expect(bench.ledger.failure(path)).toMatchObject({ code: "still-changing", kind: "deferred" });
    expect(bench.ledger.lastBackup).toBeUndefined();
    expect(bench.clock.sleeps.length).toBe(4);
  });

  test("and vanish while they are watched are gone", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg");
    touch(path, new Date(bench.clock.now()));
    bench.clock.onSleep = () => rmSync(path, { force: true });
    expect(await bench.run()).toMatchObject({ scanned: 0, deferred: 0 });
  });
});

describe("many photos", () => {
  test("invariant 5: never have more than one body in flight, over 200 photos of many folders", async () => {
    const bench = await engineBench();
    for (let i = 0; i < 200; i += 1) bench.photo(`${i % 7}/${i}.jpg`, `photo ${i}`.repeat(i * 7 + 1));
    // Bodies that take their time: if two could be in flight, they would be.
    const put = { operation: "PutObject" } as const;
    bench.s3.faults.add({ kind: "slow", bytesPerSecond: 400_000, times: 20, match: { ...put, nth: 150 } });
    bench.s3.faults.add({ kind: "cut-before-store", match: { ...put, nth: 50 } });
    bench.s3.faults.add({ kind: "status", status: 503, match: { operation: "HeadObject", nth: 90 } });
    expect(await bench.run()).toMatchObject({ scanned: 200, uploaded: 200, failed: 0, conflicts: 0 });
    bench.s3.faults.assertAllFired();
    expect(bench.s3.maxConcurrentBodies).toBe(1);
    expect(bench.s3.objects(bucket)).toHaveLength(200);
  });

  test("two names that differ only in their Unicode form are both kept", async () => {
    const bench = await engineBench();
    const composed = bench.photo("caf\u00e9.jpg", "composed");
    const decomposed = bench.photo("cafe\u0301.jpg", "decomposed");
    expect(await bench.run()).toMatchObject({ scanned: 2, uploaded: 2, conflicts: 1 });
    const hashes = await Promise.all(bench.s3.objects(bucket).map(({ key }) => bench.s3.readObject(bucket, key)));
    expect(hashes.map(String).sort()).toEqual(["composed", "decomposed"]);
    expect(bench.ledger.get(composed)?.s3Key).not.toBe(bench.ledger.get(decomposed)?.s3Key);
    expectCountsAddUp(bench.progress());
  });
});
