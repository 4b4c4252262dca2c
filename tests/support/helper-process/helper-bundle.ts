import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll } from "vitest";

const script = fileURLToPath(new URL("../../../scripts/build-helper.mjs", import.meta.url));

let dir: string | undefined;
let built: Promise<string> | undefined;

/** The helper's one file, bundled from the sources as they are now; built once for a test file and removed with it. */
export function helperBundle(): Promise<string> {
  built ??= build();
  return built;
}

async function build(): Promise<string> {
  dir = mkdtempSync(join(tmpdir(), "photolala-bundle-"));
  const file = join(dir, "helper.mjs");
  await promisify(execFile)(process.execPath, [script, file]);
  return file;
}

afterAll(() => {
  if (dir) rmSync(dir, { recursive: true, force: true });
});
