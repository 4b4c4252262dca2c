import type { RunProgress } from "../backup/run-progress.ts";
import type { BackupError } from "../state/errors/backup-error.ts";
import { failuresListedMost, type FailuresFile, type Failure } from "../state/files/failures.ts";

interface FailureSources {
  failures: Iterable<[string, Failure]>;
  progress: RunProgress | undefined;
  /** What stopped the whole run, if anything did. */
  stoppedBy: { error: BackupError; since: number } | undefined;
  now: number;
}

/** `failures.json`: totals, causes that hold many photos at once, and the first few hundred photos. */
export function failuresFileOf({ failures, progress, stoppedBy, now }: FailureSources): FailuresFile {
  const totalsByCode: Record<string, number> = {};
  const photos: FailuresFile["photos"] = [];
  let total = 0;
  for (const [path, failure] of failures) {
    total += 1;
    totalsByCode[failure.code] = (totalsByCode[failure.code] ?? 0) + 1;
    if (photos.length < failuresListedMost) photos.push({ path, ...failure });
  }
  return {
    version: 1,
    updatedAt: new Date(now).toISOString(),
    total,
    totalsByCode,
    causes: [...runCauses(progress, stoppedBy), ...folderCauses(progress, now)],
    photos,
  };
}

function runCauses(progress: RunProgress | undefined, stoppedBy: FailureSources["stoppedBy"]): FailuresFile["causes"] {
  const held = stoppedBy ?? progress?.outage;
  if (!held) return [];
  const { code, detail } = held.error;
  const since = new Date(held.since).toISOString();
  return [{ code, ...(detail ? { detail } : {}), photos: progress?.waiting ?? 0, since }];
}

function folderCauses(progress: RunProgress | undefined, now: number): FailuresFile["causes"] {
  return (progress?.unreadableFolders ?? []).map(({ path, error }) => ({
    code: error.code,
    ...(error.detail ? { detail: error.detail } : {}),
    folder: path,
    photos: 0,
    since: new Date(now).toISOString(),
  }));
}
