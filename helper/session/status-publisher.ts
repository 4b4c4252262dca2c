import type { RunProgress } from "../backup/run-progress.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { Destination } from "../state/files/destination.ts";
import { destinationId } from "../state/files/destination-id.ts";
import { writeFailures } from "../state/files/failures-store.ts";
import type { Failure, FailuresFile } from "../state/files/failures.ts";
import { heartbeatIntervalMs, type Status } from "../state/files/status.ts";
import { writeStatus } from "../state/files/status-store.ts";
import type { StatePaths } from "../state/state-paths.ts";
import { failuresFileOf } from "./failures-file-of.ts";
import { statusOf, type HelperIdentity } from "./status-of.ts";
import { TransferSpeed } from "./transfer-speed.ts";

/** What the publisher asks for at every write; the helper changes it as it goes. */
export interface Published {
  activity: Status["activity"];
  destination?: Destination;
  progress?: RunProgress;
  requestCount: () => number;
  failures: () => Iterable<[string, Failure]>;
  /** What stops or holds the whole run. */
  stoppedBy?: { error: BackupError; since: number; nextTryAt?: number };
  /** The photos are in the bucket, the catalogue of them is not yet. */
  catalogueBehind?: { error: BackupError; since: number };
  catalogue?: Status["catalogue"];
  lastBackup?: string;
  lastScan?: string;
  lastUpload?: string;
  /** When the newest of the chosen folders was chosen: a backup that ended before has not seen it. */
  newestFolderAt?: string;
  /** Photos in the ledger, and how many of them must be sent again because their objects were lost. */
  recorded?: number;
  lost?: number;
  /** Counts of the scan before, shown until the one under way has counted. */
  earlier?: Pick<Status, "counts" | "folders">;
}

const statusEveryMs = 1_000;
const failuresEveryMs = 5_000;

/** Writes `status.json` and `failures.json`: soon after a change, but no more often than people can look. */
export class StatusPublisher {
  readonly published: Published;
  readonly #paths: StatePaths;
  readonly #identity: HelperIdentity;
  readonly #now: () => number;
  readonly #speed = new TransferSpeed();
  #heartbeat: NodeJS.Timeout | undefined;
  #soon: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #lastStatusAt = 0;
  #lastFailuresAt = 0;
  #lastError: unknown;

  constructor(options: { paths: StatePaths; identity: HelperIdentity; published: Published; now?: () => number }) {
    this.#paths = options.paths;
    this.#identity = options.identity;
    this.published = options.published;
    this.#now = options.now ?? Date.now;
  }

  /** Starts the heartbeat. */
  start(): void {
    this.#heartbeat = setInterval(() => this.#writeSoon(0), heartbeatIntervalMs);
    this.#heartbeat.unref();
    this.#writeSoon(0);
  }

  /** Another destination is in use from here on: what was true of the one before is not true of it. */
  begin(destination: Destination): void {
    const { published } = this;
    const isSame = published.destination && destinationId(published.destination) === destinationId(destination);
    published.destination = destination;
    if (isSame) return;
    for (const field of [
      "lastBackup",
      "lastScan",
      "lastUpload",
      "earlier",
      "progress",
      "catalogueBehind",
      "catalogue",
      "recorded",
      "lost",
    ] as const)
      delete published[field];
  }

  /** Something changed: the files follow within a second. */
  changed(): void {
    if (this.#soon) return;
    const dueMs = this.#lastStatusAt + statusEveryMs - this.#now();
    // A clock that was set back must not silence the status for the length of the jump.
    this.#writeSoon(Math.min(Math.max(0, dueMs), statusEveryMs));
  }

  /** Writes both files now and waits for it. */
  async flush(): Promise<void> {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#lastFailuresAt = 0;
    await this.#write();
  }

  async stop(): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.flush();
  }

  /** The last error of writing, for the log; a status that can't be written must not stop a backup that can. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** Keeps an error of showing, which must not stop a backup either. */
  noteError(error: unknown): void {
    this.#lastError = error;
  }

  #writeSoon(delayMs: number): void {
    if (this.#soon) return;
    this.#soon = setTimeout(() => {
      this.#soon = undefined;
      void this.#write();
    }, delayMs);
    this.#soon.unref();
  }

  async #write(): Promise<void> {
    this.#writing = this.#writing.then(() => this.#writeNow());
    await this.#writing;
  }

  async #writeNow(): Promise<void> {
    const now = this.#now();
    this.#lastStatusAt = now;
    try {
      await writeStatus(this.#paths, this.#status(now));
      if (Math.abs(now - this.#lastFailuresAt) < failuresEveryMs) return;
      this.#lastFailuresAt = now;
      await writeFailures(this.#paths, this.#failures(now));
      this.#lastError = undefined;
    } catch (error) {
      this.#lastError = error;
    }
  }

  #status(now: number): Status {
    const { progress, lastUpload } = this.published;
    const sentBytes = (progress?.bytesUploaded ?? 0) + (progress?.current?.sentBytes ?? 0);
    if (this.published.activity === "uploading") this.#speed.add(now, sentBytes);
    else this.#speed.reset();
    const newestUpload = progress?.lastUpload ? new Date(progress.lastUpload).toISOString() : lastUpload;
    const { lastScan } = this.published;
    return statusOf({
      identity: this.#identity,
      activity: this.#activity(),
      health: this.#health(now),
      destination: this.published.destination,
      progress,
      earlier: this.published.earlier,
      requests: this.published.requestCount(),
      speedBytesPerSecond: this.#speed.bytesPerSecond(),
      lastBackup: this.#lastBackup(now),
      catalogue: this.published.catalogue,
      lastScan: isPast(lastScan, now) ? lastScan : undefined,
      lastUpload: isPast(newestUpload, now) ? newestUpload : undefined,
      recorded: this.published.recorded,
      lost: this.published.lost,
      now,
    });
  }

  #lastBackup(now: number): string | undefined {
    const { lastBackup, newestFolderAt } = this.published;
    if (!isPast(lastBackup, now)) return undefined;
    return lastBackup && newestFolderAt && lastBackup < newestFolderAt ? undefined : lastBackup;
  }

  /** An outage outlives the run that met it; nobody waits for its end then. */
  #activity(): Status["activity"] {
    const { activity, progress } = this.published;
    const isRunning = activity === "scanning" || activity === "uploading";
    return isRunning && progress?.outage ? "waiting" : activity;
  }

  #health(now: number): Status["health"] {
    const { stoppedBy, progress, catalogueBehind } = this.published;
    const held: Published["stoppedBy"] = stoppedBy ?? progress?.outage ?? behind(catalogueBehind);
    if (!held) return { code: "ok", since: new Date(now).toISOString() };
    return {
      code: held.error.code,
      ...(held.error.detail ? { detail: held.error.detail } : {}),
      since: new Date(Math.min(held.since, now)).toISOString(),
      ...(held.nextTryAt ? { nextTryAt: new Date(held.nextTryAt).toISOString() } : {}),
    };
  }

  #failures(now: number): FailuresFile {
    const { failures, progress, stoppedBy } = this.published;
    return failuresFileOf({ failures: failures(), progress, stoppedBy, now });
  }
}

/** What a clock noted that was set back since is no time to show: nobody knows when it was. */
function isPast(time: string | undefined, now: number): boolean {
  return time !== undefined && Date.parse(time) <= now;
}

/** Why it is behind goes beside it: "permission-denied" alone would read as if photos were held. */
function behind(catalogue: Published["catalogueBehind"]): Published["stoppedBy"] {
  if (!catalogue) return undefined;
  const { error, since } = catalogue;
  return { error: new BackupError("catalogue-behind", { detail: error.reason.title, cause: error }), since };
}
