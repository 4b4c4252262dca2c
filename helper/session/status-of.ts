import type { RunProgress } from "../backup/run-progress.ts";
import type { Destination } from "../state/files/destination.ts";
import type { Status } from "../state/files/status.ts";

/** What stays the same for as long as the helper runs. */
export interface HelperIdentity {
  mode: Status["mode"];
  helperVersion: string;
  pid: number;
  processStartTime: string;
  startedAt: number;
}

export interface StatusSources {
  identity: HelperIdentity;
  activity: Status["activity"];
  health: Status["health"];
  destination: Destination | undefined;
  progress: RunProgress | undefined;
  /** Counts of the scan before, shown until the one under way has counted. */
  earlier: Pick<Status, "counts" | "folders"> | undefined;
  requests: number;
  speedBytesPerSecond: number;
  lastBackup: string | undefined;
  catalogue?: Status["catalogue"] | undefined;
  lastScan: string | undefined;
  lastUpload: string | undefined;
  recorded: number | undefined;
  lost: number | undefined;
  now: number;
}

/** `status.json` of this moment. */
export function statusOf(sources: StatusSources): Status {
  const { identity, progress, now } = sources;
  const isCounted = progress !== undefined && progress.phase !== "scanning";
  const earlier = isCounted ? undefined : sources.earlier;
  const secondsLeft = secondsLeftOf(progress, sources.speedBytesPerSecond);
  return {
    version: 1,
    mode: identity.mode,
    helperVersion: identity.helperVersion,
    pid: identity.pid,
    processStartTime: identity.processStartTime,
    startedAt: iso(identity.startedAt),
    heartbeatAt: iso(now),
    activity: sources.activity,
    health: sources.health,
    ...(sources.destination ? { destination: sources.destination } : {}),
    ...(progress?.current ? { current: { ...progress.current, startedAt: iso(progress.current.startedAt) } } : {}),
    queue: { photos: progress?.waiting ?? 0, bytes: progress?.waitingBytes ?? 0 },
    ...(earlier ?? countsAndFolders(progress)),
    speedBytesPerSecond: Math.round(sources.speedBytesPerSecond),
    ...(secondsLeft === undefined ? {} : { secondsLeft }),
    ...(sources.lastBackup ? { lastBackup: sources.lastBackup } : {}),
    ...(sources.catalogue ? { catalogue: sources.catalogue } : {}),
    ...(sources.lastScan ? { lastScan: sources.lastScan } : {}),
    ...(sources.lastUpload ? { lastUpload: sources.lastUpload } : {}),
    ...(sources.recorded === undefined ? {} : { recorded: sources.recorded }),
    ...(sources.lost === undefined ? {} : { lost: sources.lost }),
    run: {
      uploaded: progress?.uploaded ?? 0,
      bytesUploaded: progress?.bytesUploaded ?? 0,
      requests: sources.requests,
      startedAt: iso(progress?.startedAt ?? identity.startedAt),
    },
  };
}

/** What a run has counted, as the status shows it. */
export function countsAndFolders(progress: RunProgress | undefined): Pick<Status, "counts" | "folders"> {
  return { counts: countsOf(progress), folders: (progress?.folders ?? []).map((folder) => ({ ...folder })) };
}

/** Extensions named one by one; the rest of a large zoo is only counted, since the file stays a few kB. */
const extensionsListedMost = 30;

function countsOf(progress: RunProgress | undefined): Status["counts"] {
  const leftAlone = Object.entries(progress?.leftAlone ?? {}).sort(([, a], [, b]) => b - a);
  return {
    onDisk: progress?.scanned ?? 0,
    backedUp: (progress?.alreadyBackedUp ?? 0) + (progress?.uploaded ?? 0),
    waiting: progress?.waiting ?? 0,
    failed: progress?.failed ?? 0,
    deferred: progress?.deferred ?? 0,
    unreadableFolders: progress?.unreadableFolders.length ?? 0,
    leftAlone: leftAlone.reduce((sum, [, count]) => sum + count, 0),
    leftAloneByExtension: Object.fromEntries(leftAlone.slice(0, extensionsListedMost)),
  };
}

function secondsLeftOf(progress: RunProgress | undefined, speed: number): number | undefined {
  if (!progress || progress.waiting === 0 || speed <= 0) return undefined;
  const onWire = progress.current?.sentBytes ?? 0;
  return Math.max(0, Math.round((progress.waitingBytes - onWire) / speed));
}

function iso(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
