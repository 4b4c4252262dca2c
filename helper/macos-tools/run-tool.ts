import { spawn } from "node:child_process";
import { scrubbedEnvironment } from "./scrubbed-environment.ts";

export interface ToolRun {
  args: string[];
  stdin?: string;
  /** After this long the tool is killed; 15 s by default. */
  timeoutMs?: number;
  signal?: AbortSignal;
  env?: Record<string, string | undefined>;
  /** The child's variables as they are, instead of the few that are left of `env`. */
  childEnv?: Record<string, string>;
  platform?: NodeJS.Platform;
}

export interface ToolResult {
  /** Undefined when a signal ended it. */
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

const maxOutputBytes = 64 * 1024 * 1024;

/**
 * Runs a program to its end, without a shell and with a scrubbed environment.
 * Any exit code is a result; it rejects only when the program could not be started, or with the signal's reason.
 */
export function runTool(path: string, run: ToolRun): Promise<ToolResult> {
  const { args, stdin = "", timeoutMs = 15_000, signal, env = process.env, platform = process.platform } = run;
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, {
      env: run.childEnv ?? scrubbedEnvironment(env, platform),
      stdio: ["pipe", "pipe", "pipe"],
      signal,
      killSignal: "SIGKILL",
    });
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      child.kill("SIGKILL");
    }, timeoutMs);
    const stdout = collect(child.stdout);
    const stderr = collect(child.stderr);
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once("close", (code) => {
      clearTimeout(timer);
      resolve({ exitCode: code ?? undefined, stdout: stdout(), stderr: stderr(), timedOut });
    });
    // A program that ends without reading its input is told by its exit code, not by a broken pipe.
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin);
  });
}

function collect(stream: NodeJS.ReadableStream): () => string {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  stream.on("data", (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes <= maxOutputBytes) chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString("utf8");
}
