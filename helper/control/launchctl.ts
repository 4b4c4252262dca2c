import { findTool } from "../macos-tools/find-tool.ts";
import { runTool, type ToolResult } from "../macos-tools/run-tool.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { AgentHost } from "./agent-host.ts";
import { agentLabel } from "./agent-label.ts";
import { parseLaunchctlPrint, type LaunchdJob } from "./parse-launchctl-print.ts";

const notFound = 113;
/** No such domain: an SSH, headless or root session. */
const noDomain = new Set([112, 125]);
/** Absent, or on its way out. */
const bootoutDone = new Set([0, 3, 36, notFound]);
/** Loaded already, still draining, or not allowed: told apart only by looking again. */
const bootstrapBusy = new Set([5, 37]);

export interface Launchctl {
  /** The job as launchd has it loaded, or undefined. */
  print(): Promise<LaunchdJob | undefined>;
  /** Asks launchd to end and forget the job; it may still be draining when this returns. */
  bootout(): Promise<void>;
  enable(): Promise<void>;
  /** "busy": not now, see above; anything else that fails rejects. */
  bootstrap(plistPath: string): Promise<"loaded" | "busy">;
  /** Starts a loaded job now. A job that runs already is left alone. */
  kickstart(): Promise<void>;
}

/**
 * The helper's own job in the person's GUI session, or undefined where there is no launchd. The methods reject with
 * BackupError `agent-unavailable` where the session has no GUI domain and `agent-not-started` for other refusals.
 */
export function findLaunchctl(host: AgentHost): Launchctl | undefined {
  const tool = findTool("launchctl", host);
  if (!tool) return undefined;
  const domain = `gui/${host.uid}`;
  const service = `${domain}/${agentLabel}`;
  const run = async (...args: string[]) => {
    const result = await runTool(tool, { args, env: host.env, platform: host.platform });
    if (result.exitCode !== undefined && noDomain.has(result.exitCode)) {
      throw new BackupError("agent-unavailable", { detail: firstLine(result) });
    }
    return result;
  };

  return {
    async print() {
      const result = await run("print", service);
      if (result.exitCode === 0) return parseLaunchctlPrint(result.stdout);
      if (result.exitCode === notFound) return undefined;
      throw refused(result);
    },
    async bootout() {
      const result = await run("bootout", service);
      if (!bootoutDone.has(result.exitCode ?? -1)) throw refused(result);
    },
    async enable() {
      const result = await run("enable", service);
      if (result.exitCode !== 0) throw refused(result);
    },
    async bootstrap(plistPath) {
      const result = await run("bootstrap", domain, plistPath);
      if (result.exitCode === 0) return "loaded";
      if (bootstrapBusy.has(result.exitCode ?? -1)) return "busy";
      throw refused(result);
    },
    async kickstart() {
      const result = await run("kickstart", service);
      if (result.exitCode !== 0 && result.exitCode !== 37) throw refused(result);
    },
  };
}

function refused(result: ToolResult): BackupError {
  const detail = result.timedOut ? "launchctl did not answer" : firstLine(result);
  return new BackupError("agent-not-started", { detail });
}

function firstLine({ stderr, exitCode }: ToolResult): string {
  return (
    stderr.split("\n").find((line) => line.trim() !== "" && line !== "Bad request.") ?? `launchctl answered ${exitCode}`
  );
}
