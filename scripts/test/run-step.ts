import { spawn } from "node:child_process";
import { once } from "node:events";

export interface StepResult {
  passed: number;
  failed: number;
}

/** Runs one tool of node_modules/.bin, which npm has put first on PATH, and counts it as one check. */
export async function runStep(tool: string, args: string[]): Promise<StepResult> {
  const exitCode = await runTool(tool, args);
  return exitCode === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** @returns the exit code; a tool that was ended by a signal counts as failed */
export async function runTool(tool: string, args: string[], env: Record<string, string> = {}): Promise<number> {
  const child = spawn(tool, args, { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } });
  const [exitCode] = (await once(child, "exit")) as [number | null];
  return exitCode ?? 1;
}
