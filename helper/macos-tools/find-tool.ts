import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

const toolPaths = {
  security: "/usr/bin/security",
  launchctl: "/bin/launchctl",
  osascript: "/usr/bin/osascript",
  open: "/usr/bin/open",
} as const;

export type MacosTool = keyof typeof toolPaths;

/** What a look-up depends on; the process's own by default. */
export interface Platform {
  env?: Record<string, string | undefined>;
  platform?: NodeJS.Platform;
}

/**
 * The absolute path of one of macOS's own tools, or undefined where there is none.
 * On a Mac it is the system's own path and PATH is never asked, so that nothing put in front of it gets to see a secret.
 * Elsewhere it is looked for on PATH. `PHOTOLALA_TOOLS_DIR` names another folder on every system, so that tests
 * on a Mac leave the real Keychain and launchd alone.
 */
export function findTool(
  tool: MacosTool,
  { env = process.env, platform = process.platform }: Platform = {},
): string | undefined {
  if (env.PHOTOLALA_TOOLS_DIR) return firstExecutable(tool, [env.PHOTOLALA_TOOLS_DIR]);
  if (platform === "darwin") return toolPaths[tool];
  return firstExecutable(tool, (env.PATH ?? "").split(delimiter));
}

function firstExecutable(tool: string, folders: string[]): string | undefined {
  return folders
    .filter(isAbsolute)
    .map((folder) => join(folder, tool))
    .find(isExecutableFile);
}

function isExecutableFile(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
