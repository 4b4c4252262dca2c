import { processStartTime as readProcessStartTime } from "../lock/process-start-time.ts";
import { heartbeatStaleMs, type Status } from "./status.ts";

interface IsHelperAliveOptions {
  now?: () => number;
  processStartTime?: (pid: number) => string | undefined;
}

/**
 * Whether the helper that wrote this status still works: its process exists, is the same one and not a later one that
 * got its pid, and it wrote within `heartbeatStaleMs`. (The heartbeat is for people; a lock is never judged by it, since
 * it stops while the Mac sleeps.)
 */
export function isHelperAlive(
  status: Status,
  { now = Date.now, processStartTime = readProcessStartTime }: IsHelperAliveOptions = {},
): boolean {
  if (status.activity === "stopped") return false;
  if (now() - Date.parse(status.heartbeatAt) >= heartbeatStaleMs) return false;
  try {
    return processStartTime(status.pid) === status.processStartTime;
  } catch {
    return false;
  }
}
