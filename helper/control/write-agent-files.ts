import { mkdir, stat } from "node:fs/promises";
import { BackupError } from "../state/errors/backup-error.ts";
import { ensureStateDirs } from "../state/files/ensure-state-dirs.ts";
import { writeFileAtomic } from "../state/files/write-file-atomic.ts";
import { statePaths, type StatePaths } from "../state/state-paths.ts";
import type { AgentHost } from "./agent-host.ts";
import type { AgentPlaces } from "./agent-places.ts";
import { fileText, sha256OfText } from "./file-text.ts";
import { launcherScript } from "./launcher-script.ts";

interface AgentFiles {
  helperBundlePath: string;
  nodePath: string;
  paths: StatePaths;
  places: AgentPlaces;
  host: AgentHost;
}

/**
 * Puts the bundle's copy, the launcher and the property list in place, each atomically and only where it differs.
 * Returns the hashes of what launchd is to run, for the record.
 */
export async function writeAgentFiles(files: AgentFiles): Promise<{ bundleSha256: string; plistSha256: string }> {
  const { helperBundlePath, nodePath, paths, places, host } = files;
  const bundle = await fileText(helperBundlePath);
  if (bundle === undefined) throw new BackupError("helper-failed", { detail: "its bundle is missing" });

  await ensureStateDirs(paths);
  await mkdir(paths.binDir, { recursive: true, mode: 0o700 });
  await mkdir(places.launchAgentsDir, { recursive: true, mode: 0o755 });

  // Its XML library takes a tenth of a start, which every command would pay for.
  const { agentPlist } = await import("./agent-plist.ts");
  const plist = agentPlist({
    launcherPath: places.launcher,
    stateDir: paths.stateDir,
    logDir: paths.logDir,
    environment: movedFolders(paths, host),
  });
  await replaceIfDifferent(places.bundle, bundle, 0o600);
  const launcher = launcherScript({ bundlePath: places.bundle, compileCachePath: places.compileCache, nodePath });
  await replaceIfDifferent(places.launcher, launcher, 0o755);
  await replaceIfDifferent(places.plist, plist, 0o644);
  return { bundleSha256: sha256OfText(bundle), plistSha256: sha256OfText(plist) };
}

/** launchd's jobs see none of our variables, so folders that were moved by them go into the property list. */
function movedFolders({ stateDir, logDir }: StatePaths, { platform, homeDir }: AgentHost): Record<string, string> {
  const usual = statePaths({ env: {}, platform, homeDir });
  if (stateDir === usual.stateDir && logDir === usual.logDir) return {};
  return { PHOTOLALA_STATE_DIR: stateDir, PHOTOLALA_LOG_DIR: logDir };
}

async function replaceIfDifferent(path: string, text: string, mode: number): Promise<void> {
  const same = (await fileText(path)) === text && ((await stat(path)).mode & 0o777) === mode;
  if (!same) await writeFileAtomic(path, text, { mode });
}
