import type { Published } from "../session/status-publisher.ts";
import type { BackupError } from "../state/errors/backup-error.ts";

const waitsMs = { "half-hourly": 30 * 60_000, backoff: 60_000, "on-change": undefined };

/** Shows what holds the whole backup. @returns when it is tried again; undefined where only a change mends it */
export function holdRun(published: Published, error: BackupError, now: number): number | undefined {
  const isSame = published.stoppedBy?.error.code === error.code;
  const waitMs = waitsMs[error.reason.retry];
  const nextTryAt = waitMs === undefined ? undefined : now + waitMs;
  published.stoppedBy = {
    error,
    since: isSame ? (published.stoppedBy?.since ?? now) : now,
    ...(nextTryAt ? { nextTryAt } : {}),
  };
  return nextTryAt;
}
