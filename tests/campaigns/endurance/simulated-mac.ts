import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScannedFolder } from "../../../helper/backup/candidate.ts";
import type { RunSummary } from "../../../helper/backup/run-summary.ts";
import { S3ObjectStore } from "../../../helper/s3/s3-object-store.ts";
import { BackupSession } from "../../../helper/session/backup-session.ts";
import { StatusPublisher } from "../../../helper/session/status-publisher.ts";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import type { Destination } from "../../../helper/state/files/destination.ts";
import { ensureStateDirs } from "../../../helper/state/files/ensure-state-dirs.ts";
import type { StatePaths } from "../../../helper/state/state-paths.ts";
import { FakeClock } from "../../support/engine/fake-clock.ts";
import { startLoopbackS3, type LoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";
import { seededRandom } from "../../support/photos/seeded-random.ts";
import { statePathsAt } from "../../support/state/state-paths-at.ts";

import { largeFiles, smallParts } from "./large-files.ts";

export const bucket = "a-life-of-photos";

/** What one run came to: its counts, or the code of what stopped it. */
export type RunEnd = { summary: RunSummary } | { stoppedBy: string };

/** One Mac with its photos and its state on disk, a bucket, and a clock that only the simulation turns. */
export class SimulatedMac {
  readonly random: () => number;
  readonly clock: FakeClock;
  readonly s3: LoopbackS3;
  readonly paths: StatePaths;
  readonly picturesDir: string;
  /** The folders chosen now; the second one comes and goes. */
  chosen: ScannedFolder[];
  prefix = "photos";
  isPaused = false;
  /** Photos to try at once, as "Retry All" asks. */
  retryAll = false;
  /** A stop comes after so many signs of progress. */
  stopAfterSteps: number | undefined;
  readonly #root: string;
  readonly #publisher: StatusPublisher;
  #session: BackupSession | undefined;
  #steps = 0;
  #stopping = new AbortController();

  private constructor(seed: number, root: string, s3: LoopbackS3) {
    this.#root = root;
    this.s3 = s3;
    this.random = seededRandom(seed);
    // An hour ahead, so that every file written by the simulation has settled.
    this.clock = new FakeClock(Date.now() + 3_600_000);
    this.paths = statePathsAt(join(root, "state"));
    this.picturesDir = join(root, "Pictures");
    this.chosen = [this.folder("Pictures")];
    const identity = { mode: "daemon", helperVersion: "1", pid: process.pid, processStartTime: "then" } as const;
    this.#publisher = new StatusPublisher({
      paths: this.paths,
      identity: { ...identity, startedAt: this.clock.now() },
      published: { activity: "starting", requestCount: () => 0, failures: () => [] },
      now: () => this.clock.now(),
    });
  }

  static async create(seed: number): Promise<SimulatedMac> {
    const s3 = await startLoopbackS3({
      ...{ accessKeyId: "key", secretAccessKey: "secret", buckets: [bucket] },
      behavior: smallParts,
    });
    const root = mkdtempSync(join(tmpdir(), "photolala-endurance-"));
    for (const name of ["Pictures", "Camera", "state"]) mkdirSync(join(root, name));
    const mac = new SimulatedMac(seed, root, s3);
    await ensureStateDirs(mac.paths);
    return mac;
  }

  folder(name: "Pictures" | "Camera"): ScannedFolder {
    const path = join(this.#root, name);
    return { path, root: path, label: name };
  }

  get destination(): Destination {
    return { endpoint: this.s3.endpoint, region: this.s3.region, bucket, prefix: this.prefix };
  }

  /** The helper, started when it isn't running. */
  async session(): Promise<BackupSession> {
    const { destination, s3 } = this;
    this.#session ??= await BackupSession.open({
      paths: this.paths,
      destination,
      openStore: async () => new S3ObjectStore({ destination, credentials: async () => s3.credentials }),
      publisher: this.#publisher,
      patienceMs: 300_000,
      verifyOwnership: () => undefined,
      clock: this.clock,
      largeFiles,
      onProgress: () => this.#step(),
    });
    return this.#session;
  }

  /** One backup, as the daemon makes it every hour. @throws what is no `BackupError`, which would be a bug */
  async run(): Promise<RunEnd> {
    const session = await this.session();
    this.#steps = 0;
    this.#stopping = new AbortController();
    try {
      const summary = await session.run({
        folders: this.chosen,
        coversEverything: true,
        retryAll: this.retryAll,
        retryPaths: new Set(),
        anywayPaths: new Set(),
        stopping: this.#stopping.signal,
        aborting: this.#stopping.signal,
      });
      return { summary };
    } catch (error) {
      if (error instanceof BackupError) return { stoppedBy: error.code };
      if (error === this.#stopping.signal.reason) return { stoppedBy: "SIGTERM" };
      throw error;
    } finally {
      this.stopAfterSteps = undefined;
    }
  }

  /** Ends the helper as SIGTERM does; the next run starts it again. */
  async quit(): Promise<void> {
    await this.#session?.close();
    this.#session = undefined;
  }

  async close(): Promise<void> {
    await this.quit();
    await this.#publisher.stop();
    await this.s3.close();
    rmSync(this.#root, { recursive: true, force: true });
  }

  #step(): void {
    this.#steps += 1;
    if (this.stopAfterSteps === this.#steps) this.#stopping.abort(new Error("SIGTERM"));
  }
}
