import { BackupError } from "../state/errors/backup-error.ts";
import type { StatePaths } from "../state/state-paths.ts";
import { agentHost, type AgentHostOptions } from "./agent-host.ts";
import { agentPlaces, type AgentPlaces } from "./agent-places.ts";
import { fileText, sha256OfText } from "./file-text.ts";
import { readInstallRecord } from "./install-record.ts";
import { findLaunchctl, type Launchctl } from "./launchctl.ts";
import { loginItemStatus, type LoginItemStatus } from "./login-item-status.ts";
import type { LaunchdJob } from "./parse-launchctl-print.ts";

export interface AgentState {
  /** There is a launchd whose GUI session can be reached from here. */
  available: boolean;
  /** The property list and the launcher are in place: it starts at the next login. */
  installed: boolean;
  /** launchd has the job now. */
  loaded: boolean;
  running: boolean;
  pid?: number;
  /** How it last ended, in launchd's words. */
  lastExit?: string;
  /** "off": the person turned it off in System Settings, and only they can turn it on there. */
  loginItem: LoginItemStatus;
  /** What is installed is the same as the extension's bundle. */
  upToDate: boolean;
}

export interface AgentOptions extends AgentHostOptions {
  paths: StatePaths;
}

/** The agent as it is now, from its files and from launchd. `helperBundlePath` is what `upToDate` compares with. */
export async function agentState(options: AgentOptions & { helperBundlePath?: string }): Promise<AgentState> {
  const host = agentHost(options);
  const places = agentPlaces(options.paths, host.homeDir);
  const [files, { job, available }, loginItem] = await Promise.all([
    filesState(places, options.helperBundlePath),
    loadedJob(findLaunchctl(host)),
    loginItemStatus(places.plist, host),
  ]);
  return {
    available,
    ...files,
    loaded: job !== undefined,
    running: job?.running ?? false,
    ...(job?.pid !== undefined && { pid: job.pid }),
    ...(job?.lastExit !== undefined && { lastExit: job.lastExit }),
    loginItem,
  };
}

async function filesState(
  places: AgentPlaces,
  helperBundlePath: string | undefined,
): Promise<Pick<AgentState, "installed" | "upToDate">> {
  const [record, plist, launcher, bundle] = await Promise.all([
    readInstallRecord(places.record),
    fileText(places.plist),
    fileText(places.launcher),
    fileText(places.bundle),
  ]);
  const installed = plist !== undefined && launcher !== undefined && bundle !== undefined;
  if (!installed || !record) return { installed, upToDate: false };
  const source = await fileText(helperBundlePath ?? record.bundlePath);
  const upToDate =
    source === bundle && sha256OfText(bundle) === record.bundleSha256 && sha256OfText(plist) === record.plistSha256;
  return { installed, upToDate };
}

async function loadedJob(
  launchctl: Launchctl | undefined,
): Promise<{ job: LaunchdJob | undefined; available: boolean }> {
  if (!launchctl) return { job: undefined, available: false };
  try {
    return { job: await launchctl.print(), available: true };
  } catch (error) {
    if (error instanceof BackupError && error.code === "agent-unavailable") return { job: undefined, available: false };
    throw error;
  }
}
