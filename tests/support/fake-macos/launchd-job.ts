import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "./fake-folder.ts";

/** The keys of a property list that the fake launchd acts on. */
export interface JobSpec {
  Label: string;
  Program?: string;
  ProgramArguments?: string[];
  RunAtLoad?: boolean;
  KeepAlive?: boolean | { SuccessfulExit?: boolean };
  ThrottleInterval?: number;
  ExitTimeOut?: number;
  Umask?: string | number;
  WorkingDirectory?: string;
  StandardOutPath?: string;
  StandardErrorPath?: string;
  EnvironmentVariables?: Record<string, string>;
  AbandonProcessGroup?: boolean;
}

export interface LaunchdJob {
  spec: JobSpec;
  domain: string;
  plistPath: string;
  supervisorPid?: number;
  state: "running" | "not running" | "spawn scheduled";
  draining: boolean;
  pid?: number;
  runs: number;
  /** As `print` shows it. */
  lastExitCode: string;
  lastSignal?: string;
}

function jobPath(folder: string, label: string): string {
  return join(folder, "jobs", `${label}.json`);
}

export function readJob(folder: string, label: string): LaunchdJob | undefined {
  return readJson<LaunchdJob | undefined>(jobPath(folder, label), undefined);
}

export function writeJob(folder: string, job: LaunchdJob): void {
  writeJson(jobPath(folder, job.spec.Label), job);
}

export function removeJob(folder: string, label: string): void {
  rmSync(jobPath(folder, label), { force: true });
}

export function allJobs(folder: string): LaunchdJob[] {
  try {
    const names = readdirSync(join(folder, "jobs")).filter((name) => name.endsWith(".json"));
    return names.flatMap((name) => readJob(folder, name.slice(0, -".json".length)) ?? []);
  } catch {
    return [];
  }
}
