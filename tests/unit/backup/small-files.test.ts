import { constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { SmallFiles } from "../../../helper/backup/small-files.ts";

describe("small files, read at once", () => {
  let folder: string;

  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "photolala-small-"))));
  afterEach(() => rm(folder, { recursive: true }));

  async function photo(): Promise<string> {
    const path = join(folder, "photo.jpg");
    await writeFile(path, "0123456789");
    return path;
  }

  it("are read from any place in them, and shorter at their end", async () => {
    const file = new SmallFiles().open(await photo(), constants.O_RDONLY);
    const buffer = Buffer.alloc(8, "-");
    expect(await file.read(buffer, 2, 4, 7)).toEqual({ bytesRead: 3 });
    expect(buffer.toString()).toBe("--789---");
    expect(await file.read(buffer, 0, 8, 10)).toEqual({ bytesRead: 0 });
    await file.close();
    await expect(file.read(buffer, 0, 1, 0)).rejects.toThrow(/EBADF/);
  });

  it("fail as the disk says", async () => {
    expect(() => new SmallFiles().open(join(folder, "gone.jpg"), constants.O_RDONLY)).toThrow(/ENOENT/);
  });

  it("are left to another thread for ten seconds once the disk let us wait", async () => {
    const path = await photo();
    const times = [0, 0, 15, 100];
    let now = 0;
    const files = new SmallFiles(() => (now = times.shift() ?? now));
    expect(files.areQuick).toBe(true);
    await files.open(path, constants.O_RDONLY).close();
    expect(files.areQuick).toBe(true);
    times.push(200, 225);
    await files.open(path, constants.O_RDONLY).close();
    for (const [at, areQuick] of [
      [226, false],
      [10_224, false],
      [10_225, true],
    ] as const) {
      times.push(at);
      expect(files.areQuick).toBe(areQuick);
    }
  });
});
