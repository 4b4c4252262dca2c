import {
  closeSync,
  chmodSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { describe, expect, test } from "vitest";
import { keepsIdentity } from "../../../helper/backup/keeps-identity.ts";
import { bucket, engineBench, sha256Of, touch } from "../../support/engine/engine-bench.ts";

const old = new Date("2020-01-01T00:00:00Z");
const exFat = 0x2011bab0;

function overwrite(path: string, bytes: Uint8Array | string, offset = 0): void {
  const file = openSync(path, "r+");
  writeSync(file, Buffer.from(bytes), 0, Buffer.byteLength(bytes), offset);
  closeSync(file);
  utimesSync(path, old, old);
}

/** The change time of the file system has a coarse tick: two changes within it look like one. */
async function changeTimeHasMoved(path: string): Promise<void> {
  const before = statSync(path).ctimeMs;
  await expect
    .poll(() => {
      chmodSync(path, 0o600);
      return statSync(path).ctimeMs;
    })
    .toBeGreaterThan(before);
}

describe("a photo that changed in nothing but its bytes", () => {
  test("invariant 1: a copy that stalled at its final size and time is backed up again once it is whole", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", Buffer.concat([Buffer.from("first half of it"), Buffer.alloc(16)]));
    touch(path, old);
    await bench.run();
    await changeTimeHasMoved(path);
    overwrite(path, "second half of it".slice(0, 16), 16);
    expect(await bench.run()).toMatchObject({ uploaded: 1 });
    const key = bench.ledger.get(path)?.s3Key ?? "";
    expect(sha256Of(await bench.s3.readObject(bucket, key))).toBe(sha256Of(readFileSync(path)));
    expect(bench.ledger.get(path)?.previous).toHaveLength(1);
  });

  test("invariant 1: another file of the same size and time moved over it is backed up", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", "A".repeat(100));
    touch(path, old);
    await bench.run();
    const other = bench.photo("other.bin", "B".repeat(100));
    touch(other, old);
    renameSync(other, path);
    expect(await bench.run()).toMatchObject({ uploaded: 1 });
    const key = bench.ledger.get(path)?.s3Key ?? "";
    expect(sha256Of(await bench.s3.readObject(bucket, key))).toBe(sha256Of("B".repeat(100)));
  });

  test("invariant 1: one rewritten while it is read, with its time put back, is not recorded", async () => {
    const bench = await engineBench();
    const large = (letter: string) => Buffer.alloc(17 * 1024 * 1024, letter);
    const path = bench.photo("a.mov", large("A"));
    touch(path, old);
    await changeTimeHasMoved(path);
    bench.hooks.read = (_, readsBefore) => void (readsBefore === 10 && overwrite(path, large("B")));
    expect(await bench.run()).toMatchObject({ uploaded: 0, deferred: 1 });
    expect(bench.s3.log.counts().PutObject ?? 0, "noticed before anything was sent").toBe(0);
  });

  test("invariant 1: one rewritten while it is on the wire, with its time put back, is not recorded", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", "before");
    touch(path, old);
    await changeTimeHasMoved(path);
    const onProgress = (progress: { current?: unknown }) => {
      if (progress.current) overwrite(path, "after!");
    };
    await bench.run({ onProgress });
    expect(bench.ledger.get(path)).toBeUndefined();
    expect(await bench.run({ retryAll: true })).toMatchObject({ uploaded: 1 });
    expect(bench.ledger.get(path)?.sha256).toBe(sha256Of("after!"));
  });
});

test("a photo that is deleted while it is read is gone, not changing", async () => {
  const bench = await engineBench();
  const path = bench.photo("a.jpg");
  bench.photo("b.jpg");
  await changeTimeHasMoved(path);
  bench.hooks.read = () => rmSync(path, { force: true });
  expect(await bench.run()).toMatchObject({ scanned: 1, uploaded: 1, deferred: 0 });
  expect(bench.ledger.lastBackup).toBeDefined();
});

describe("a photo whose metadata changed and whose bytes did not", () => {
  test("is read and asked for, not sent: its entry keeps when and how it came there", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg");
    await bench.run();
    const before = bench.ledger.get(path);
    await changeTimeHasMoved(path);
    bench.clock.advance(60_000);
    expect(await bench.run()).toMatchObject({ uploaded: 0, alreadyBackedUp: 1, conflicts: 0 });
    expect(bench.s3.log.counts().PutObject).toBe(1);
    expect(bench.ledger.get(path)).toEqual({ ...before, ctimeMs: statSync(path).ctimeMs });
    expect(await bench.run()).toMatchObject({ alreadyBackedUp: 1, requests: 0 });
  });

  test("costs nothing on a file system that makes change times and inodes up", async () => {
    const bench = await engineBench();
    bench.hooks.fileSystemType = () => exFat;
    const path = bench.photo("a.jpg");
    await bench.run();
    await changeTimeHasMoved(path);
    expect(await bench.run()).toMatchObject({ alreadyBackedUp: 1, requests: 0 });
  });

  test("costs nothing where an older entry knows neither change time nor inode", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg");
    await bench.run();
    const { ctimeMs, inode, ...older } = bench.ledger.get(path) ?? expect.fail("no entry");
    expect([ctimeMs, inode]).toEqual([statSync(path).ctimeMs, statSync(path).ino]);
    bench.ledger.put(path, older);
    await changeTimeHasMoved(path);
    expect(await bench.run()).toMatchObject({ alreadyBackedUp: 1, requests: 0 });
  });
});

describe("keepsIdentity", () => {
  const on = (type: number, root = 0x1a) => ({ fileSystemType: (path: string) => (path === "/" ? root : type) });

  test("is true of APFS, HFS+, ext4, XFS and Btrfs, and of nothing unknown", () => {
    expect([0x1a, 0x11].map((type) => keepsIdentity("/x", on(type), "darwin"))).toEqual([true, true]);
    expect(keepsIdentity("/x", on(0x1f, 0x1f), "darwin"), "as the Mac's own disk").toBe(true);
    const linux = [0xef53, 0x58465342, 0x9123683e];
    expect(linux.map((type) => keepsIdentity("/x", on(type), "linux"))).toEqual([true, true, true]);
    const [fat, nfs, smb] = [0x4d44, 0x6969, 0xff534d42];
    expect([fat, nfs, smb, exFat, 0].map((type) => keepsIdentity("/x", on(type), "linux"))).toEqual(
      Array.from({ length: 5 }, () => false),
    );
    expect(keepsIdentity("/x", on(0x1c), "darwin")).toBe(false);
  });

  test("is false where the file system cannot be asked", () => {
    const gone = {
      fileSystemType: () => {
        throw new Error("ENOENT");
      },
    };
    expect(keepsIdentity("/x", gone, "linux")).toBe(false);
  });
});
