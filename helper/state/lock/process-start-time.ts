import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { systemErrorCode } from "../errors/translate-state-error.ts";

/** When and in which boot a process started, so that a later process with the same pid is not taken for it. */
export interface ProcessStartTimeOutside {
  platform: NodeJS.Platform;
  readText(path: string): string;
  runPs(args: string[], env: Record<string, string>): string;
  /** As `process.kill(pid, 0)`: throws ESRCH where there is no such process. */
  probe(pid: number): void;
}

const outside: ProcessStartTimeOutside = {
  platform: process.platform,
  readText: (path) => readFileSync(path, "utf8"),
  runPs: (args, env) => execFileSync("/bin/ps", args, { encoding: "utf8", env, stdio: ["ignore", "pipe", "ignore"] }),
  probe: (pid) => process.kill(pid, 0),
};

/**
 * A text that is the same for a process as long as it lives, and another for any other process that ever gets its pid.
 * Undefined when there is no such process (one that has ended and only waits to be reaped counts as none). Throws when
 * it cannot be told: a caller that decides about a lock must then take the process for alive.
 */
export function processStartTime(pid: number, from: ProcessStartTimeOutside = outside): string | undefined {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return from.platform === "linux" ? linuxStartTime(pid, from) : psStartTime(pid, from);
}

function linuxStartTime(pid: number, from: ProcessStartTimeOutside): string | undefined {
  const stat = readProcStat(pid, from);
  if (stat === undefined) return undefined;
  // The command's name stands in parentheses and may itself hold spaces and parentheses: count from the last one.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, threads, startTicks] = [fields[0], fields[17], fields[19]];
  // A zombie whose other threads still run can still finish a system call; one without any is dead for good.
  if ((state === "Z" || state === "X") && Number(threads) <= 1) return undefined;
  const bootId = from.readText("/proc/sys/kernel/random/boot_id").trim();
  return `${bootId}:${startTicks}`;
}

function readProcStat(pid: number, from: ProcessStartTimeOutside): string | undefined {
  try {
    return from.readText(`/proc/${pid}/stat`);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code !== "ENOENT" && code !== "ESRCH") throw error;
  }
  if (!exists(pid, from)) return undefined;
  return from.readText(`/proc/${pid}/stat`);
}

function psStartTime(pid: number, from: ProcessStartTimeOutside): string | undefined {
  if (!exists(pid, from)) return undefined;
  // ps prints local time: without a fixed zone the same process would look like another one after a journey.
  const env = { LC_ALL: "C", TZ: "UTC" };
  let line: string;
  try {
    line = from.runPs(["-o", "stat=", "-o", "lstart=", "-p", String(pid)], env).trim();
  } catch (error) {
    if (!exists(pid, from)) return undefined;
    throw error;
  }
  const [, state, startTime] = /^(\S+)\s+(.+)$/.exec(line) ?? [];
  if (state === undefined || startTime === undefined) {
    if (!exists(pid, from)) return undefined;
    throw new Error("ps did not say when the process started");
  }
  return state.startsWith("Z") ? undefined : startTime.replace(/\s+/g, " ");
}

function exists(pid: number, from: ProcessStartTimeOutside): boolean {
  try {
    from.probe(pid);
    return true;
  } catch (error) {
    return systemErrorCode(error) !== "ESRCH";
  }
}
