import { spawn } from "node:child_process";
import { once } from "node:events";
import { performance } from "node:perf_hooks";
import { text } from "node:stream/consumers";

export interface ProcessRun {
  exitCode: number | null;
  /** From start to exit. */
  wallMs: number;
  stdout: string;
  stderr: string;
}

/** Runs a program to its end. Ctrl+C at the terminal reaches it as well, so nothing is left running. */
export async function runProcess(command: string[], env: Record<string, string> = {}): Promise<ProcessRun> {
  const [program = "", ...args] = command;
  const startedAt = performance.now();
  const child = spawn(program, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "exit") as Promise<[number | null]>;
  const [stdout, stderr, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exitCode, wallMs: performance.now() - startedAt, stdout, stderr };
}
