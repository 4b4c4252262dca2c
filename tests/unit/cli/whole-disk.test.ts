import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readSettings } from "../../../helper/state/files/settings-store.ts";
import { cliBench } from "../../support/engine/cli-bench.ts";

test("the whole disk is refused as a folder, through a link too: a Mac shows every file of it twice", async () => {
  const bench = await cliBench();
  symlinkSync("/", join(bench.cwd, "disk"));
  for (const given of ["/", "disk"]) {
    const { exitCode, stderr } = await bench.run("folders", "add", given);
    expect(exitCode, given).toBe(2);
    expect(stderr, given).toContain("whole disk");
  }
  expect((await readSettings(bench.paths)).folders).toEqual([]);
});
