// The part of launchd that looks after one loaded job. Told by signals: SIGTERM ends and forgets the job,
// SIGUSR2 starts it now (kickstart), SIGHUP kills and starts it (kickstart -k). SIGINT, from the test, ends everything at once.
import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, openSync, statSync } from "node:fs";
import { constants } from "node:os";
import { fakeFolder, fakeSwitch } from "./fake-folder.ts";
import { readJob, removeJob, writeJob, type JobSpec, type LaunchdJob } from "./launchd-job.ts";

const folder = fakeFolder();
const job = readJob(folder, process.argv[2] ?? "") as LaunchdJob;
const { spec } = job;
let child: ChildProcess | undefined;
let respawnTimer: NodeJS.Timeout | undefined;
let startNext = false;

function save(change: Partial<LaunchdJob>): void {
  Object.assign(job, change);
  writeJob(folder, job);
}

function start(): void {
  clearTimeout(respawnTimer);
  const startedAt = Date.now();
  const outputs = openOutputs(spec);
  if (!outputs || !hasWorkingDirectory(spec)) return ended(startedAt, { exitCode: "78: EX_CONFIG" });
  const [program = "", ...args] = spec.ProgramArguments ?? [spec.Program ?? ""];
  child = spawn(spec.Program ?? program, args, {
    cwd: spec.WorkingDirectory ?? "/",
    env: jobEnvironment(spec),
    detached: true,
    stdio: ["ignore", ...outputs],
  });
  outputs.forEach((output) => closeSync(output));
  const { pid } = child;
  if (pid !== undefined) save({ state: "running", pid, runs: job.runs + 1 });
  child.once("error", () => ended(startedAt, { exitCode: "78: EX_CONFIG" }));
  child.once("exit", (code, signal) => {
    if (pid !== undefined && !spec.AbandonProcessGroup) killGroup(pid);
    ended(startedAt, signal ? { signal } : { exitCode: String(code) });
  });
}

function ended(startedAt: number, how: { exitCode?: string; signal?: NodeJS.Signals }): void {
  child = undefined;
  delete job.pid;
  delete job.lastSignal;
  if (job.draining) return forget();
  const again = startNext || wantsRestart(spec, how.exitCode);
  save({
    state: again ? "spawn scheduled" : "not running",
    ...(how.exitCode !== undefined && { lastExitCode: how.exitCode }),
    ...(how.signal && { lastSignal: signalWords(how.signal) }),
  });
  const waitMs = startNext ? 0 : Math.max(0, throttleMs(spec) - (Date.now() - startedAt));
  startNext = false;
  if (again) respawnTimer = setTimeout(start, waitMs);
}

function wantsRestart({ KeepAlive }: JobSpec, exitCode: string | undefined): boolean {
  if (typeof KeepAlive === "boolean") return KeepAlive;
  if (KeepAlive?.SuccessfulExit === undefined) return false;
  return KeepAlive.SuccessfulExit === (exitCode === "0");
}

function throttleMs({ ThrottleInterval = 10 }: JobSpec): number {
  return Number(process.env.FAKE_MACOS_THROTTLE_MS ?? ThrottleInterval * 1000);
}

function bootout(): void {
  if (job.draining) return;
  clearTimeout(respawnTimer);
  save({ draining: true });
  const running = child;
  if (!running) return forget();
  running.kill("SIGTERM");
  const { ExitTimeOut = 5 } = spec;
  setTimeout(() => running.kill("SIGKILL"), Number(process.env.FAKE_MACOS_EXIT_TIMEOUT_MS ?? ExitTimeOut * 1000));
}

/** launchd goes on for a moment after the process is gone; a test can hold it there. */
function forget(): void {
  setTimeout(() => {
    if (fakeSwitch("drain") === "held") return forget();
    removeJob(folder, spec.Label);
    process.exit(0);
  }, 20);
}

function openOutputs({ StandardOutPath, StandardErrorPath }: JobSpec): [number, number] | undefined {
  try {
    return [openSync(StandardOutPath ?? "/dev/null", "a"), openSync(StandardErrorPath ?? "/dev/null", "a")];
  } catch {
    return undefined;
  }
}

function hasWorkingDirectory({ WorkingDirectory = "/" }: JobSpec): boolean {
  return existsSync(WorkingDirectory) && statSync(WorkingDirectory).isDirectory();
}

/** As launchd's: nothing of the caller's. The fakes stand where a Mac has its own tools: in front of PATH. */
function jobEnvironment({ EnvironmentVariables, Label }: JobSpec): Record<string, string> {
  const { HOME = "/", TMPDIR = "/tmp", PHOTOLALA_TOOLS_DIR = "" } = process.env;
  const fakes = Object.entries(process.env).filter(([name]) => name.startsWith("FAKE_MACOS_"));
  return {
    HOME,
    TMPDIR,
    USER: "person",
    LOGNAME: "person",
    SHELL: "/bin/zsh",
    PATH: [PHOTOLALA_TOOLS_DIR, "/usr/bin:/bin:/usr/sbin:/sbin"].join(":"),
    PHOTOLALA_TOOLS_DIR,
    XPC_SERVICE_NAME: Label,
    ...(Object.fromEntries(fakes) as Record<string, string>),
    ...EnvironmentVariables,
  };
}

function signalWords(signal: NodeJS.Signals): string {
  const words: Partial<Record<NodeJS.Signals, string>> = { SIGKILL: "Killed", SIGTERM: "Terminated", SIGHUP: "Hangup" };
  return `${words[signal] ?? signal}: ${constants.signals[signal]}`;
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing was left of it.
  }
}

/** A test that died without cleaning up must not leave a job behind. */
function watchOwner(): void {
  const ownerPid = Number(process.env.FAKE_MACOS_OWNER_PID);
  setInterval(() => {
    if (!existsSync(folder) || !isAlive(ownerPid)) endEverything();
  }, 500);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function endEverything(): never {
  if (job.pid !== undefined) killGroup(job.pid);
  process.exit(0);
}

process.on("SIGTERM", bootout);
process.on("SIGINT", endEverything);
process.on("SIGUSR2", () => child || start());
process.on("SIGHUP", () => {
  if (!child) return start();
  startNext = true;
  child.kill("SIGKILL");
});
watchOwner();
// A string is octal, a number decimal, as launchd has it.
if (spec.Umask !== undefined) process.umask(typeof spec.Umask === "string" ? parseInt(spec.Umask, 8) : spec.Umask);
save({ supervisorPid: process.pid });
if (spec.RunAtLoad || spec.KeepAlive) start();
