import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

export interface Worker {
  child: ChildProcess;
  /** Lines of stdout so far. */
  lines: string[];
  ended: Promise<{ signal: NodeJS.Signals | null; code: number | null; stderr: string }>;
}

/** Starts a worker script of this folder as a process of its own, with the Node that runs the tests. */
export function startWorker(script: string, args: string[]): Worker {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn(process.execPath, [path, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  let partial = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const parts = (partial + text).split("\n");
    partial = parts.pop() ?? "";
    lines.push(...parts);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<Awaited<Worker["ended"]>>((resolve) => {
    child.on("close", (code, signal) => resolve({ code, signal, stderr }));
  });
  return { child, lines, ended };
}
