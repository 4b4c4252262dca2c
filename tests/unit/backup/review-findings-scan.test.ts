import { mkdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bucket, engineBench } from "../../support/engine/engine-bench.ts";

describe("what moves between listing and visiting", () => {
  test("a subfolder renamed to where the scan has been is found in the same run", async () => {
    const bench = await engineBench();
    bench.photo("m/x.jpg");
    bench.photo("z/new.jpg");
    const [from, to] = [join(bench.folder, "z"), join(bench.folder, "a")];
    let moves = 0;
    bench.hooks.readdir = (path) => void (path.endsWith("/m") && ++moves === 1 && renameSync(from, to));
    expect(await bench.run()).toMatchObject({ scanned: 2, uploaded: 2 });
    expect(bench.s3.objects(bucket).map(({ key }) => key)).toContain("photos/Pictures/a/new.jpg");
    expect(bench.ledger.lastBackup).toBeDefined();
  });

  test("a file renamed to where the scan has been is found in the same run", async () => {
    const bench = await engineBench();
    bench.photo("a/x.jpg");
    const path = bench.photo("b/new.jpg");
    let looks = 0;
    bench.hooks.lstat = (at) =>
      void (at === path && ++looks === 1 && renameSync(path, join(bench.folder, "a/new.jpg")));
    expect(await bench.run()).toMatchObject({ scanned: 2, uploaded: 2 });
    expect(bench.ledger.get(join(bench.folder, "a/new.jpg"))).toBeDefined();
  });

  test("again and again leaves the run without a claim of completeness", async () => {
    const bench = await engineBench();
    bench.photo("x.jpg");
    bench.photo("m/y.jpg");
    let from = join(bench.folder, "z");
    mkdirSync(from);
    bench.hooks.readdir = (path) => {
      if (!path.endsWith("/m")) return;
      renameSync(from, `${from}z`);
      from += "z";
    };
    await bench.run();
    expect(bench.ledger.lastBackup).toBeUndefined();
  });
});

describe("a chosen folder that is wholly empty", () => {
  test("and had photos is not there, wherever it lies: nothing is missing, nothing complete", async () => {
    const bench = await engineBench();
    const path = bench.photo("x.jpg");
    await bench.run();
    const first = bench.ledger.lastBackup;
    bench.clock.advance(3_600_000);
    rmSync(path);
    expect(await bench.run()).toMatchObject({ scanned: 0, unreadableFolders: [bench.folder] });
    expect(bench.progress().folders[0]?.state).toBe("folder-missing");
    expect(bench.progress().unreadableFolders[0]?.error.detail).toContain("empty now");
    expect(bench.ledger.get(path)?.missingSince).toBeUndefined();
    expect(bench.ledger.lastBackup).toBe(first);
  });

  test("since a moment ago, before any of its photos was recorded, is not there either", async () => {
    const bench = await engineBench();
    const path = bench.photo("x.jpg");
    bench.hooks.open = () => rmSync(path, { force: true });
    expect(await bench.run()).toMatchObject({ uploaded: 0, unreadableFolders: [bench.folder] });
    expect(bench.ledger.lastBackup).toBeUndefined();
  });

  test("and never had any photos is just empty, also when another folder is looked at twice", async () => {
    const bench = await engineBench();
    const empty = `${bench.folder}-empty`;
    mkdirSync(empty);
    const gone = bench.photo("x.jpg");
    bench.photo("y.jpg");
    bench.hooks.open = (path) => void (path === gone && rmSync(gone, { force: true }));
    const folders = [
      { path: bench.folder, root: bench.folder, label: "Pictures" },
      { path: empty, root: empty, label: "Empty" },
    ];
    expect(await bench.run({ folders })).toMatchObject({ uploaded: 1, unreadableFolders: [] });
    expect(bench.ledger.lastBackup).toBeDefined();
  });
});
