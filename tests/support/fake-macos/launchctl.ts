// A launchctl that answers as facts/macos.md says a Mac's does, and really runs the jobs.
import { spawn } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { fakeFolder, fakeSwitch, readJson, recordArguments, writeJson } from "./fake-folder.ts";
import { takeFault } from "./faults.ts";
import { readJob, writeJob, type JobSpec } from "./launchd-job.ts";
import { printJob } from "./print-job.ts";

interface Answer {
  exitCode: number;
  stdout?: string;
  stderr?: string;
}

const folder = fakeFolder();
const uid = process.getuid?.() ?? 0;
const disabledPath = join(folder, "disabled.json");
const done: Answer = { exitCode: 0 };

const errorWords: Record<number, string> = {
  2: "No such file or directory",
  3: "No such process",
  5: "Input/output error",
  36: "Operation now in progress",
  37: "Operation already in progress",
  122: "Path had bad ownership/permissions",
  125: "Domain does not support specified action",
};

function failed(verb: string, exitCode: number): Answer {
  const hint = exitCode === 5 ? "Try re-running the command as root for richer errors.\n" : "";
  return { exitCode, stderr: `${verb} failed: ${exitCode}: ${errorWords[exitCode] ?? "Unknown error"}\n${hint}` };
}

function notFound(label: string): Answer {
  return { exitCode: 113, stderr: `Bad request.\nCould not find service "${label}" in domain for user gui: ${uid}\n` };
}

const domainMissing: Answer = { exitCode: 112, stderr: `Could not find domain for user gui: ${uid}\n` };

function labelOf(target = ""): string | undefined {
  const prefix = `gui/${uid}/`;
  return target.startsWith(prefix) ? target.slice(prefix.length) : undefined;
}

async function bootstrap(domain: string | undefined, plistPath = ""): Promise<Answer> {
  if (fakeSwitch("domain") === "missing" || domain !== `gui/${uid}`) return failed("Bootstrap", 125);
  const checked = await readPlist(plistPath);
  if (typeof checked === "number") return failed("Bootstrap", checked);
  const disabled = readJson<string[]>(disabledPath, []).includes(checked.Label);
  const offByPerson = fakeSwitch("login-item") === "2";
  if (readJob(folder, checked.Label) || disabled || offByPerson) return failed("Bootstrap", 5);

  const job = { spec: checked, domain, plistPath, draining: false, runs: 0, lastExitCode: "(never exited)" };
  writeJob(folder, { ...job, state: "not running" });
  const supervisor = fileURLToPath(new URL("supervisor.mjs", import.meta.url));
  spawn(process.execPath, [supervisor, checked.Label], {
    detached: true,
    stdio: "ignore",
  }).unref();
  while (readJob(folder, checked.Label)?.supervisorPid === undefined) await delay(10);
  return done;
}

/** The error code of a property list that launchd would not take. */
async function readPlist(path: string): Promise<JobSpec | number> {
  // Only here: it doubles the time the other subcommands take to start.
  const { parse } = await import("plist");
  let spec: JobSpec;
  try {
    const { uid: owner, mode } = statSync(path);
    if (owner !== uid || (mode & 0o022) !== 0) return 122;
    spec = parse(readFileSync(path, "utf8")) as unknown as JobSpec;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ENOENT" ? 2 : 5;
  }
  const program = spec.Program ?? spec.ProgramArguments?.[0] ?? "";
  return path.endsWith(".plist") && spec.Label && program.startsWith("/") ? spec : 5;
}

async function bootout(target: string | undefined): Promise<Answer> {
  const label = labelOf(target) ?? "";
  const job = readJob(folder, label);
  if (!job) return failed("Boot-out", 3);
  if (job.draining) return failed("Boot-out", 36);
  process.kill(job.supervisorPid as number, "SIGTERM");
  while (readJob(folder, label)?.draining === false) await delay(10);
  return done;
}

function print(target: string | undefined): Answer {
  const label = labelOf(target) ?? "";
  const job = readJob(folder, label);
  return job ? { exitCode: 0, stdout: printJob(job) } : notFound(label);
}

function kickstart(args: string[]): Answer {
  const label = labelOf(args.at(-1)) ?? "";
  const job = readJob(folder, label);
  if (!job) return notFound(label);
  process.kill(job.supervisorPid as number, args.includes("-k") ? "SIGHUP" : "SIGUSR2");
  return done;
}

function setDisabled(target: string | undefined, disabled: boolean): Answer {
  const label = labelOf(target) ?? "";
  const others = readJson<string[]>(disabledPath, []).filter((other) => other !== label);
  writeJson(disabledPath, disabled ? [...others, label] : others);
  return done;
}

const verbs: Record<string, string> = { bootstrap: "Bootstrap", bootout: "Boot-out" };

async function answer([subcommand = "", ...args]: string[]): Promise<Answer> {
  const fault = takeFault(subcommand);
  if (fault !== undefined) return failed(verbs[subcommand] ?? subcommand, fault);
  if (subcommand === "bootstrap") return bootstrap(args[0], args[1]);
  if (fakeSwitch("domain") === "missing") return domainMissing;
  if (subcommand === "bootout") return bootout(args[0]);
  if (subcommand === "print") return print(args[0]);
  if (subcommand === "kickstart") return kickstart(args);
  if (subcommand === "enable") return setDisabled(args[0], false);
  if (subcommand === "disable") return setDisabled(args[0], true);
  return { exitCode: 64, stderr: `Unrecognized subcommand: ${subcommand}\n` };
}

const { exitCode, stdout = "", stderr = "" } = await answer(recordArguments("launchctl"));
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
