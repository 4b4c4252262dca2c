import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { readJson, readJsonLines, writeJson } from "./fake-folder.ts";
import { writeFakePrograms } from "./fake-programs.ts";
import type { Faults } from "./faults.ts";
import { allJobs, readJob, type LaunchdJob } from "./launchd-job.ts";

const tools = ["launchctl", "security", "osascript", "open"] as const;

export interface FakeSwitches {
  /** "locked", "denied", "canceled", or "dialog" which never answers. */
  keychain?: string;
  /** "missing": a session without a GUI. */
  domain?: string;
  /** "held": a job that was booted out stays on its way out. */
  drain?: string;
  /** "0" to "3", what macOS says of the agent's login item; "2" is turned off by the person. */
  "login-item"?: string;
  /** "off": not allowed by the person. */
  notifications?: string;
  /** "no-handler". */
  open?: string;
}

export interface FakeMacos {
  /** The fake Mac's own folder; everything is in it. */
  dir: string;
  home: string;
  /** The folder of the four tools, for the front of PATH. */
  pathEntry: string;
  /** The variables for whoever is to see this Mac: HOME, TMPDIR, PATH, PHOTOLALA_TOOLS_DIR and FAKE_MACOS_*. */
  env: Record<string, string>;
  /** Every call of every tool, with its arguments. */
  calls(tool?: (typeof tools)[number]): { tool: string; argv: string[] }[];
  notifications(): { title: string; body: string }[];
  opened(): string[][];
  /** The raw text kept in the keychain for an account. */
  keychainItem(account: string): string | undefined;
  job(label: string): LaunchdJob | undefined;
  set(switches: FakeSwitches): void;
  /** The next answers of a launchctl subcommand; close() rejects when one was never asked for. */
  failNext(subcommand: string, exitCode: number, times?: number): void;
  /** Ends every job and its supervisor, and removes the folder unless it was given. */
  close(): Promise<void>;
}

/** Writes the fake tools into a folder and returns what is needed to use them. Times can be shortened through `env`. */
export function installFakeMacos(
  givenDir?: string,
  { throttleMs = 200, exitTimeoutMs }: { throttleMs?: number; exitTimeoutMs?: number } = {},
): FakeMacos {
  const dir = givenDir ?? realpathSync(mkdtempSync(join(tmpdir(), "fake-macos-")));
  const [pathEntry, home, temp] = [join(dir, "bin"), join(dir, "home"), join(dir, "tmp")];
  for (const folder of [pathEntry, home, temp]) mkdirSync(folder, { recursive: true });
  writeFakePrograms(join(dir, "lib"));
  for (const tool of tools) writeLauncher(join(pathEntry, tool), join(dir, "lib", `${tool}.mjs`));
  const env: Record<string, string> = {
    HOME: home,
    TMPDIR: temp,
    PATH: `${pathEntry}:${process.env.PATH ?? "/usr/bin:/bin"}`,
    PHOTOLALA_TOOLS_DIR: pathEntry,
    FAKE_MACOS_DIR: dir,
    FAKE_MACOS_OWNER_PID: String(process.pid),
    FAKE_MACOS_THROTTLE_MS: String(throttleMs),
    ...(exitTimeoutMs !== undefined && { FAKE_MACOS_EXIT_TIMEOUT_MS: String(exitTimeoutMs) }),
  };
  const [switchesPath, faultsPath] = [join(dir, "switches.json"), join(dir, "faults.json")];

  return {
    dir,
    home,
    pathEntry,
    env,
    calls: (tool) => {
      const calls = readJsonLines<{ tool: string; argv: string[] }>(dir, "argv.jsonl");
      return tool ? calls.filter((call) => call.tool === tool) : calls;
    },
    notifications: () => readJsonLines(dir, "notifications.jsonl"),
    opened: () => readJsonLines(dir, "opened.jsonl"),
    keychainItem: (account) => {
      const items = readJson<{ account: string; password: string }[]>(join(dir, "keychain.json"), []);
      const item = items.find((other) => other.account === account);
      return item && Buffer.from(item.password, "base64").toString("utf8");
    },
    job: (label) => readJob(dir, label),
    set: (switches) => writeJson(switchesPath, { ...readJson<FakeSwitches>(switchesPath, {}), ...switches }),
    failNext: (subcommand, exitCode, times = 1) =>
      writeJson(faultsPath, { ...readJson<Faults>(faultsPath, {}), [subcommand]: { exitCode, times } }),
    close: async () => {
      const unused = Object.entries(readJson<Faults>(faultsPath, {})).filter(([, fault]) => fault.times > 0);
      await Promise.all(allJobs(dir).map(endJob));
      if (!givenDir) rmSync(dir, { recursive: true, force: true });
      if (unused.length > 0) throw new Error(`Faults that never fired: ${unused.map(([name]) => name).join(", ")}`);
    },
  };
}

function writeLauncher(path: string, program: string): void {
  const quoted = [process.execPath, program].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(" ");
  writeFileSync(path, `#!/bin/sh\nexec ${quoted} "$@"\n`);
  chmodSync(path, 0o755);
}

/** The supervisor takes its job with it on SIGINT, in one step, so that nothing can be started in between. */
async function endJob({ supervisorPid, pid }: LaunchdJob): Promise<void> {
  if (supervisorPid !== undefined) signal(supervisorPid, "SIGINT");
  for (const target of [supervisorPid, pid]) {
    while (target !== undefined && isRunning(target)) await delay(10);
  }
}

function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

/** A process that ended and was not yet waited for by its parent still has its number, but runs no more. */
function isRunning(pid: number): boolean {
  if (!signal(pid, 0)) return false;
  try {
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return signal(pid, 0);
  }
}
