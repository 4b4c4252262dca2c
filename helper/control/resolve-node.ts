import { readdir } from "node:fs/promises";
import { basename, delimiter, isAbsolute, join } from "node:path";
import { BackupError } from "../state/errors/backup-error.ts";
import { agentHost, type AgentHostOptions } from "./agent-host.ts";
import { compareNodeVersions, usableNodeVersion, type NodeVersion } from "./node-version.ts";
import { homebrewNodes, raycastNodePatterns } from "./node-places.ts";

interface ResolveNodeOptions extends AgentHostOptions {
  /** The one found last time, which is kept as long as it works. */
  recordedPath?: string | undefined;
  homebrewPaths?: string[];
}

/**
 * The absolute path of a Node that can run the helper: the recorded one, this process's own where it is a Node at all,
 * Raycast's newest, Homebrew's, or one on PATH. Rejects with BackupError `helper-failed` where there is none.
 */
export async function resolveNode(options: ResolveNodeOptions = {}): Promise<string> {
  const { env, homeDir, execPath } = agentHost(options);
  const { recordedPath, homebrewPaths = homebrewNodes } = options;
  const usable = (path: string) => usableNodeVersion(path, env);

  const own = [recordedPath, looksLikeNode(execPath) ? execPath : undefined];
  const first = await firstUsable(own, usable);
  if (first) return first;
  const onPath = (env.PATH ?? "").split(delimiter).filter(isAbsolute);
  const found =
    (await newestOfRaycast(homeDir, usable)) ??
    (await firstUsable([...homebrewPaths, ...onPath.map((folder) => join(folder, "node"))], usable));
  if (found) return found;
  throw new BackupError("helper-failed", { detail: "no Node 22 or newer was found on this computer" });
}

/** Inside Raycast it is "Raycast Helper (Extensions)", and other hosts run on other engines. */
function looksLikeNode(execPath: string): boolean {
  return basename(execPath) === "node";
}

type Usable = (path: string) => Promise<NodeVersion | undefined>;

async function firstUsable(paths: (string | undefined)[], usable: Usable): Promise<string | undefined> {
  for (const path of paths) {
    if (path && (await usable(path))) return path;
  }
  return undefined;
}

async function newestOfRaycast(homeDir: string, usable: Usable): Promise<string | undefined> {
  const cwd = join(homeDir, "Library", "Application Support");
  let newest: { path: string; version: NodeVersion } | undefined;
  const found = await Promise.all(raycastNodePatterns.map((pattern) => expand(cwd, pattern.split("/"))));
  for (const path of found.flat()) {
    const version = await usable(path);
    if (version && (!newest || compareNodeVersions(version, newest.version) > 0)) newest = { path, version };
  }
  return newest?.path;
}

/** The paths a pattern stands for, where `*` is any one name; a last part that is missing is not told from one that is there. */
async function expand(folder: string, [part, ...rest]: string[]): Promise<string[]> {
  if (part === undefined) return [folder];
  if (part !== "*") return expand(join(folder, part), rest);
  const names = await readdir(folder).catch(() => []);
  return (await Promise.all(names.map((name) => expand(join(folder, name), rest)))).flat();
}
