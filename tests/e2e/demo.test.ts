import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { helperBundle } from "../support/helper-process/helper-bundle.ts";

const demo = fileURLToPath(new URL("../../scripts/demo/main.ts", import.meta.url));

it("the demo, the first thing a new person runs, ends well and says what it proved", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [demo, await helperBundle()]);
  expect(stdout).toContain("151 photos on disk, 151 photos in the bucket, every one the same");
  expect(stdout).toMatch(/catalogue of \d+ pieces/);
  expect(stdout).toMatch(/Everything the demo made is removed again\.\n$/);
});
