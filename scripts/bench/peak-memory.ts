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
  const looking = setInterval(() => (peakMiB = peakOf(child.pid) ?? peakMiB), lookEveryMs);
  try {
    const exited = ended.then(([exitCode]) => ({ exitCode, wallMs: performance.now() - startedAt }));
    const [stdout, stderr, { exitCode, wallMs }] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
    return { exitCode, wallMs, peakMiB, stdout, stderr };
  } finally {
    clearInterval(looking);
  }
}

function peakOf(pid: number | undefined): number | undefined {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return undefined;
  try {
    const [, kiB] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(path, "utf8")) ?? [];
    return kiB === undefined ? undefined : Number(kiB) / 1024;
  } catch {
    // It ended between the two.
    return undefined;
  }
}
