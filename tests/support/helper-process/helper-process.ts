import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

export interface Ended {
  /** The exit code; null when a signal ended it. */
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  elapsedMs: number;
}

interface Command {
  file: string;
  args: string[];
  env: Record<string, string>;
  cwd: string;
  stdin?: string | undefined;
}

/** A helper under way, as a process of its own. */
export class HelperProcess {
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #stdout = "";
  #stderr = "";

  constructor({ file, args, env, cwd, stdin }: Command) {
    const startedAt = performance.now();
    this.#child = spawn(file, args, { env, cwd, stdio: ["pipe", "pipe", "pipe"] });
    this.#child.stdout?.on("data", (chunk: Buffer) => (this.#stdout += chunk.toString()));
    this.#child.stderr?.on("data", (chunk: Buffer) => (this.#stderr += chunk.toString()));
    this.#child.stdin?.on("error", () => undefined);
    this.#child.stdin?.end(stdin ?? "");
    this.ended = once(this.#child, "close").then(() => ({
      code: this.#child.exitCode,
      signal: this.#child.signalCode,
      stdout: this.#stdout,
      stderr: this.#stderr,
      elapsedMs: performance.now() - startedAt,
    }));
  }

  get pid(): number {
    return this.#child.pid as number;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** What it has said so far. */
  get output(): string {
    return this.#stdout + this.#stderr;
  }

  kill(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(signal);
    return this.ended;
  }
}
