import { formatDistanceStrict } from "date-fns/formatDistanceStrict";

const justNowMs = 10_000;

/** "just now", "3 minutes ago". A time that lies ahead, by a clock that was set back, counts as just now. */
export function timeAgo(time: string, nowMs: number): string {
  const elapsedMs = nowMs - Date.parse(time);
  if (elapsedMs < justNowMs) return "just now";
  return `${formatDistanceStrict(Date.parse(time), nowMs)} ago`;
}

/** "in 2 minutes"; "now" for what is due. */
export function timeUntil(time: string, nowMs: number): string {
  const remainingMs = Date.parse(time) - nowMs;
  return remainingMs < 1_000 ? "now" : `in ${formatDistanceStrict(Date.parse(time), nowMs)}`;
}

/** "3 min ago", for the narrow menu bar. */
export function shortTimeAgo(time: string, nowMs: number): string {
  return timeAgo(time, nowMs)
    .replace(/ seconds?/, " s")
    .replace(/ minutes?/, " min")
    .replace(/ hours?/, " h");
}
