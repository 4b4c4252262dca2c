import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { ensureStateDirs } from "../../../helper/state/files/ensure-state-dirs.ts";
import type { StatePaths } from "../../../helper/state/state-paths.ts";
import { statePathsAt } from "./state-paths-at.ts";

/** State folders of a test's own, removed when it has finished. */
export async function tempState(): Promise<StatePaths> {
  const stateDir = mkdtempSync(join(tmpdir(), "photolala-state-"));
  onTestFinished(() => rmSync(stateDir, { recursive: true, force: true }));
  const paths = statePathsAt(stateDir);
  await ensureStateDirs(paths);
  return paths;
}

/** Every file under a folder, relative to it, sorted. */
export function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}
