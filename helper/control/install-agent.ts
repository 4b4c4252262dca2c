import { runTool } from "../macos-tools/run-tool.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { agentHost, type AgentHost } from "./agent-host.ts";
import { agentPlaces, type AgentPlaces } from "./agent-places.ts";
import { agentState, type AgentOptions, type AgentState } from "./agent-state.ts";
import { readInstallRecord, writeInstallRecord, type InstallRecord } from "./install-record.ts";
import { findLaunchctl, type Launchctl } from "./launchctl.ts";
import { loginItemStatus } from "./login-item-status.ts";
import { reloadAgent } from "./reload-agent.ts";
import { resolveNode } from "./resolve-node.ts";
import { startAgent } from "./start-agent.ts";
import { writeAgentFiles } from "./write-agent-files.ts";

export interface InstallAgent extends AgentOptions {
  /** The extension's `assets/helper.mjs`; a copy of it is what launchd runs. */
  helperBundlePath: string;
}

/**
 * Installs the background helper, or brings it up to date, and makes sure that it runs. Where nothing changed and it
 * runs, nothing is touched. Where the person turned it off in System Settings the files are put in place and the state's
 * `loginItem` is "off". Rejects with BackupError `agent-unavailable`, `agent-not-started`, `helper-failed`, or with what
 * writing the files gives.
 */
export async function installAgent(options: InstallAgent): Promise<AgentState> {
  const host = agentHost(options);
  const { paths, helperBundlePath } = options;
  const launchctl = findLaunchctl(host);
  if (!launchctl) throw new BackupError("agent-unavailable");
  // Asked before anything is written: in a session without a GUI the agent could never be taken up.
  const loadedBefore = (await launchctl.print()) !== undefined;

  const places = agentPlaces(paths, host.homeDir);
  const before = await readInstallRecord(places.record);
  const nodePath = await resolveNode({ ...options, recordedPath: before?.nodePath });
  const hashes = await writeAgentFiles({ helperBundlePath, nodePath, paths, places, host });
  const unchanged = before?.bundleSha256 === hashes.bundleSha256 && before.plistSha256 === hashes.plistSha256;

  if (unchanged && loadedBefore) await startAgent(launchctl, host);
  else await takeUp(launchctl, places, host);

  const kept = { bundlePath: helperBundlePath, nodePath, ...hashes };
  await record(places, before, kept, host);
  return agentState(options);
}

/** Has launchd take up the new files, unless the person turned the agent off: launchd would only refuse. */
async function takeUp(launchctl: Launchctl, places: AgentPlaces, host: AgentHost): Promise<void> {
  const loaded = (await launchctl.print()) !== undefined;
  if (!loaded && (await loginItemStatus(places.plist, host)) === "off") return;
  const reloaded = await reloadAgent(launchctl, places.plist, host);
  if (reloaded) return startAgent(launchctl, host);
  if ((await loginItemStatus(places.plist, host)) === "off") return;
  throw new BackupError("agent-not-started", { detail: "launchd went on refusing it" });
}

type Kept = Pick<InstallRecord, "bundlePath" | "nodePath" | "bundleSha256" | "plistSha256">;

async function record(places: AgentPlaces, before: InstallRecord | undefined, kept: Kept, host: AgentHost) {
  const names: (keyof Kept)[] = ["bundlePath", "nodePath", "bundleSha256", "plistSha256"];
  if (before && names.every((name) => before[name] === kept[name])) return;
  await writeInstallRecord(places.record, {
    version: 1,
    ...kept,
    helperVersion: await versionOf(places.bundle, kept.nodePath, host),
    installedAt: new Date(host.now()).toISOString(),
  });
}

async function versionOf(bundlePath: string, nodePath: string, { env, platform }: AgentHost): Promise<string> {
  const run = { args: [bundlePath, "--version"], env, platform, timeoutMs: 10_000 };
  const result = await runTool(nodePath, run).catch(() => undefined);
  const version = result?.stdout.trim() ?? "";
  return result?.exitCode === 0 && /^\d+\.\d+\.\d+\S*$/.test(version) ? version : "unknown";
}
