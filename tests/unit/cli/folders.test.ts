import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readSettings } from "../../../helper/state/files/settings-store.ts";
import { cliBench } from "../../support/engine/cli-bench.ts";

describe("folders add", () => {
  test("takes a folder with its label once, and lists it", async () => {
    const bench = await cliBench();
    expect((await bench.run("folders", "list")).stdout).toBe("No folder has been chosen yet.\n");
    expect(await bench.run("folders", "add", "Pictures")).toMatchObject({ exitCode: 0, stdout: `${bench.folder}\n` });
    await bench.run("folders", "add", bench.folder, "Pictures/");
    const { folders, labels } = await readSettings(bench.paths);
    expect(folders).toMatchObject([{ path: bench.folder, label: "Pictures" }]);
    expect(labels).toEqual({ [bench.folder]: "Pictures" });
    expect((await bench.run("folders", "--json")).json()).toMatchObject({ folders: [{ path: bench.folder }] });
  });

  test("refuses one inside or around a chosen one, even through a link, and changes nothing", async () => {
    const bench = await cliBench();
    mkdirSync(join(bench.folder, "2024"));
    symlinkSync(join(bench.folder, "2024"), join(bench.cwd, "link"));
    await bench.run("folders", "add", "Pictures");
    for (const [given, words] of [
      ["Pictures/2024", "inside"],
      ["link", "inside"],
      [".", "around"],
    ] as const) {
      const { exitCode, stderr } = await bench.run("folders", "add", given);
      expect(exitCode, given).toBe(2);
      expect(stderr, given).toContain(words);
    }
    expect((await readSettings(bench.paths)).folders).toHaveLength(1);
  });

  test("refuses two that overlap each other, and takes neither", async () => {
    const bench = await cliBench();
    mkdirSync(join(bench.folder, "2024"));
    expect((await bench.run("folders", "add", "Pictures", "Pictures/2024")).exitCode).toBe(2);
    expect((await readSettings(bench.paths)).folders).toEqual([]);
  });

  test("refuses what is not there and what is no folder", async () => {
    const bench = await cliBench();
    writeFileSync(join(bench.cwd, "file.jpg"), "");
    expect((await bench.run("folders", "add", "nowhere")).stderr).toContain("does not exist");
    expect((await bench.run("folders", "add", "file.jpg")).stderr).toContain("is not a folder");
  });

  test("gives two folders of one name two labels, and a removed folder keeps its own", async () => {
    const bench = await cliBench();
    mkdirSync(join(bench.cwd, "old", "Pictures"), { recursive: true });
    await bench.run("folders", "add", "Pictures", "old/Pictures");
    await bench.run("folders", "remove", "Pictures");
    expect((await readSettings(bench.paths)).folders.map(({ label }) => label)).toEqual(["Pictures-2"]);
    await bench.run("folders", "add", "Pictures");
    expect((await readSettings(bench.paths)).folders.map(({ label }) => label)).toEqual(["Pictures-2", "Pictures"]);
  });
});

describe("folders remove", () => {
  test("works for a folder that is gone from the disk", async () => {
    const bench = await cliBench();
    await bench.run("folders", "add", "Pictures");
    rmSync(bench.folder, { recursive: true });
    expect((await bench.run("folders", "remove", bench.folder)).exitCode).toBe(0);
    expect((await readSettings(bench.paths)).folders).toEqual([]);
  });

  test("removes none when one of them was never chosen", async () => {
    const bench = await cliBench();
    await bench.run("folders", "add", "Pictures");
    expect((await bench.run("folders", "remove", "Pictures", "other")).exitCode).toBe(2);
    expect((await readSettings(bench.paths)).folders).toHaveLength(1);
  });
});
