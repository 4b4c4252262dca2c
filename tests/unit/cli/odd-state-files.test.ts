import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { cliBench } from "../../support/engine/cli-bench.ts";
import { someStatus } from "../../support/state/samples.ts";

describe("status", () => {
  test("says that settings.json cannot be read, every time, and leaves it where it is", async () => {
    const bench = await cliBench();
    writeFileSync(bench.paths.settings, '{"version": 1, "folders": "none"');
    for (let time = 1; time <= 2; time += 1) {
      const { exitCode, stdout } = await bench.run("status");
      expect({ exitCode, stdout }).toEqual({
        exitCode: 0,
        stdout: expect.stringContaining("settings.json cannot be read"),
      });
    }
    expect(JSON.parse((await bench.run("status", "--json")).stdout)).toMatchObject({ settingsBroken: true });
    expect(readFileSync(bench.paths.settings, "utf8")).toContain("none");
  });

  test("says when the catalogue was last stored, and nothing of it before", async () => {
    const bench = await cliBench();
    writeFileSync(bench.paths.status, JSON.stringify(someStatus()));
    expect((await bench.run("status")).stdout).not.toContain("Catalogue");
    const storedAt = new Date(Date.now() - 5 * 60_000).toISOString();
    writeFileSync(bench.paths.status, JSON.stringify(someStatus({ catalogue: { storedAt, pieces: 2 } })));
    expect((await bench.run("status")).stdout).toMatch(/^Catalogue +stored in the bucket 5 minutes ago$/m);
  });

  test("says which file has a folder in its place, and what to do", async () => {
    const bench = await cliBench();
    mkdirSync(bench.paths.status);
    const { exitCode, stderr } = await bench.run("status");
    expect({ exitCode, stderr }).toEqual({
      exitCode: 4,
      stderr: expect.stringContaining("status.json: a folder is in this file's place; move it elsewhere"),
    });
  });
});
