import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { nodeFileSystem } from "../../../helper/backup/file-system.ts";
import { engineBench } from "../../support/engine/engine-bench.ts";
import { systemError } from "../../support/engine/faulty-file-system.ts";

describe("odd folders", () => {
  test("links are never followed, system folders are passed by, hidden files and resource forks left alone", async () => {
    const bench = await engineBench();
    bench.photo("a.jpg");
    bench.photo(".Trashes/501/b.jpg");
    bench.photo("._a.jpg");
    bench.photo(".hidden/c.jpg");
    symlinkSync(bench.folder, join(bench.folder, "loop"));
    expect(await bench.run()).toMatchObject({ scanned: 2, uploaded: 2, leftAlone: { "(link)": 1, jpg: 1 } });
  });

  test("of a Photos library only the originals and the edits are photos", async () => {
    const bench = await engineBench();
    const library = "My.photoslibrary";
    bench.photo(`${library}/originals/A/one.heic`);
    bench.photo(`${library}/originals/A/one_3.mov`);
    bench.photo(`${library}/resources/renders/A/edit.jpeg`);
    bench.photo(`${library}/resources/derivatives/A/thumbnail.jpeg`);
    expect(await bench.run()).toMatchObject({ scanned: 3, uploaded: 3, unreadableFolders: [] });
    expect(await bench.stored(`${library}/resources/derivatives/A/thumbnail.jpeg`)).toBeUndefined();
  });

  test("a Photos library chosen itself is no different", async () => {
    const bench = await engineBench();
    bench.photo("My.photoslibrary/originals/A/one.heic");
    bench.photo("My.photoslibrary/resources/derivatives/A/thumbnail.jpeg");
    const path = join(bench.folder, "My.photoslibrary");
    const folders = [{ path, root: path, label: "Library" }];
    expect(await bench.run({ folders })).toMatchObject({ scanned: 1, uploaded: 1 });
    rmSync(path, { recursive: true });
    expect(await bench.run({ folders })).toMatchObject({ scanned: 0, unreadableFolders: [path] });
  });

  test("a Photos library without edits on a disk that comes and goes is not offline", async () => {
    const bench = await engineBench();
    bench.photo("My.photoslibrary/originals/A/one.heic");
    const asVolume = (path: string) => path.replace("/Volumes/Disk", bench.folder);
    const fs = {
      readdir: (path: string) => nodeFileSystem.readdir(asVolume(path)),
      lstat: (path: string) => nodeFileSystem.lstat(asVolume(path)),
      open: (path: string, flags: number) => nodeFileSystem.open(asVolume(path), flags),
      fileSystemType: (path: string) => nodeFileSystem.fileSystemType(asVolume(path)),
    };
    const folders = [{ path: "/Volumes/Disk", root: "/Volumes/Disk", label: "Disk" }];
    expect(await bench.run({ fs, folders })).toMatchObject({ uploaded: 1, unreadableFolders: [] });
    expect(bench.progress().folders[0]?.state).toBe("ok");
  });

  test("an old Photos library, which keeps its originals elsewhere, is backed up whole", async () => {
    const bench = await engineBench();
    bench.photo("Old.photoslibrary/Masters/2015/one.jpg");
    expect(await bench.run()).toMatchObject({ scanned: 1, uploaded: 1 });
  });

  test("a Photos library that macOS keeps closed needs permission", async () => {
    const bench = await engineBench();
    bench.photo("My.photoslibrary/originals/A/one.heic");
    bench.hooks.readdir = (path) => {
      if (path.includes("/originals")) throw systemError("EPERM", -1);
    };
    expect(await bench.run()).toMatchObject({ scanned: 0 });
    expect(bench.progress().folders[0]?.state).toBe("folder-permission");
  });

  test.runIf(process.platform === "linux")(
    "photos and folders whose names are not Unicode are said to be left out, not passed by",
    async () => {
      const bench = await engineBench();
      const garbled = Buffer.concat([Buffer.from(`${bench.folder}/gar`), Buffer.from([0xff]), Buffer.from("bled")]);
      mkdirSync(garbled);
      writeFileSync(Buffer.concat([garbled, Buffer.from("/inside.jpg")]), "inside");
      writeFileSync(Buffer.concat([garbled, Buffer.from(".jpg")]), "beside");
      const summary = await bench.run();
      expect(summary).toMatchObject({ scanned: 1, failed: 1 });
      expect(summary.unreadableFolders).toHaveLength(1);
      expect([...bench.ledger.failures()].map(([, { code }]) => code)).toEqual(["name-unreadable"]);
      expect(bench.ledger.lastBackup).toBeUndefined();
    },
  );

  test("a subfolder without permission is said to be unreadable, and the others go on", async () => {
    const bench = await engineBench();
    bench.photo("closed/a.jpg");
    bench.photo("open/b.jpg");
    bench.hooks.readdir = (path) => {
      if (path.endsWith("/closed")) throw systemError("EACCES", -13);
    };
    expect(await bench.run()).toMatchObject({ uploaded: 1, unreadableFolders: [join(bench.folder, "closed")] });
    expect(bench.progress().folders[0]?.state).toBe("folder-unreadable");
  });
});
