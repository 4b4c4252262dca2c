import { readFile, rm } from "node:fs/promises";
import { runTool, type StepResult } from "./run-step.ts";

const report = "coverage/vitest.json";

interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numFailedTestSuites: number;
}

/** All vitest projects with coverage; a skipped test, a broken file and a threshold missed count as failures too. */
export async function runVitest(): Promise<StepResult> {
  await rm(report, { force: true });
  const exitCode = await runTool("vitest", [
    "run",
    "--coverage",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
  ]);
  const counts = await readReport();
  if (!counts) return { passed: 0, failed: 1 };
  const failed =
    counts.numFailedTests + counts.numPendingTests + (counts.numFailedTests === 0 && exitCode !== 0 ? 1 : 0);
  return { passed: counts.numPassedTests, failed };
}

async function readReport(): Promise<VitestReport | undefined> {
  try {
    return JSON.parse(await readFile(report, "utf8")) as VitestReport;
  } catch {
    return undefined;
  }
}
