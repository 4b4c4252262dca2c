import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { text } from "node:stream/consumers";

export interface MeasuredRun {
  exitCode: number | null;
  /** From start to exit. */
  wallMs: number;
  /** The most memory it ever held; undefined where the system does not tell of another process. */
  peakMiB: number | undefined;
  /** Processor time, user and system, of all its threads; undefined where the system does not tell of another process. */
  processorMs: number | undefined;
  stdout: string;
  stderr: string;
}

const lookEveryMs = 5;

/** Runs a program to its end and watches how much memory it comes to hold. Linux keeps the peak, so the last look counts. */
export async function runWatched(command: string[], env: Record<string, string> = {}): Promise<MeasuredRun> {
  const [program = "", ...args] = command;
  const startedAt = performance.now();
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit") as Promise<[number | null]>;
  let peakMiB: number | undefined;
  let processorMs: number | undefined;
  const look = (): void => {
    peakMiB = peakOf(child.pid) ?? peakMiB;
    processorMs = processorTimeOf(child.pid) ?? processorMs;
  };
  const looking = setInterval(look, lookEveryMs);
  try {
    const exited = ended.then(([exitCode]) => ({ exitCode, wallMs: performance.now() - startedAt }));
    const [stdout, stderr, { exitCode, wallMs }] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    return { exitCode, wallMs, peakMiB, processorMs, stdout, stderr };
  } finally {
    clearInterval(looking);
  }
}

function peakOf(pid: number | undefined): number | undefined {
  const [, kiB] = /^VmHWM:\s+(\d+) kB$/m.exec(readOfProcess(pid, "status") ?? "") ?? [];
  return kiB === undefined ? undefined : Number(kiB) / 1024;
}

/** Linux counts it in hundredths of a second. */
const tickMs = 10;

function processorTimeOf(pid: number | undefined): number | undefined {
  const stat = readOfProcess(pid, "stat");
  // The program's name, in parentheses, may hold spaces: the fields are counted from behind it.
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
  return fields && (Number(fields[11]) + Number(fields[12])) * tickMs;
}

function readOfProcess(pid: number | undefined, name: string): string | undefined {
  const path = `/proc/${pid}/${name}`;
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, "utf8");
  } catch {
    // It ended between the two.
    return undefined;
  }
}
