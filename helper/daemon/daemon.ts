import type { Logger } from "pino";
import type { CliContext } from "../cli/cli-context.ts";
import { createNotifier, type Notifier } from "../notify/notify.ts";
import { helperIdentity } from "../session/helper-identity.ts";
import { readAskedFor, type AskedFor } from "../session/asked-for.ts";
import type { BackupSession } from "../session/backup-session.ts";
import { chosenFolders, newestFolderAt } from "../session/scanned-folders.ts";
import { StatusPublisher } from "../session/status-publisher.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { Destination } from "../state/files/destination.ts";
import { readSettings } from "../state/files/settings-store.ts";
import type { Settings } from "../state/files/settings.ts";
import type { HeldLock } from "../state/lock/acquire-lock.ts";
import { watchState } from "../watch/state-watcher.ts";
import { ChosenFoldersWatch } from "./chosen-folders-watch.ts";
import { countRecorded } from "./count-recorded.ts";
import { holdRun } from "./hold-run.ts";
import { logRun } from "./log-run.ts";
import { loggableError } from "./loggable-error.ts";
import { OrphanCheck } from "./orphan-check.ts";
import { RunControl } from "./run-control.ts";
import { Schedule } from "./schedule.ts";
import { SessionHolder } from "./session-holder.ts";
import { tellPerson } from "./tell-person.ts";
import { WakeUp } from "./wake-up.ts";
import { WeeklyVerification } from "./weekly-verification.ts";
import { whatBlocks } from "./what-blocks.ts";
import { WishWatch } from "./wish-watch.ts";

interface DaemonOptions {
  context: CliContext;
  log: Logger;
  /** `helper.lock`. */
  lock: Pick<HeldLock, "verify" | "isLost">;
  /** Others, for tests. */
  notifier?: Notifier;
  openSession?: typeof BackupSession.open;
}

/** How often the daemon looks around by itself, in case a watcher missed something or the Mac has slept. */
const lookAroundMs = 15_000;

/** Watches, plans and runs backups, one after another, until interrupted. */
export class Daemon {
  readonly #context: CliContext;
  readonly #lock: DaemonOptions["lock"];
  readonly #log: Logger;
  readonly #sessions: SessionHolder;
  readonly #publisher: StatusPublisher;
  readonly #notifier: Notifier;
  readonly #schedule = new Schedule();
  readonly #wakeUp = new WakeUp();
  readonly #control: RunControl;
  readonly #wishes: WishWatch;
  readonly #orphans: OrphanCheck;
  readonly #verification: WeeklyVerification;
  readonly #folders: ChosenFoldersWatch;
  /** Requests that a held run could not meet: they wait with it, or they would start it again without end. */
  #heldRequests = "";

  constructor({ context, log, lock, notifier, openSession }: DaemonOptions) {
    this.#context = context;
    this.#lock = lock;
    this.#log = log;
    this.#publisher = new StatusPublisher({
      paths: context.paths,
      identity: helperIdentity("daemon", context),
      published: { activity: "starting", requestCount: () => 0, failures: () => [] },
      now: context.now,
    });
    this.#sessions = new SessionHolder({
      ...{ context, log, verifyOwnership: () => lock.verify(), publisher: this.#publisher },
      ...(openSession ? { openSession } : {}),
    });
    this.#notifier = notifier ?? createNotifier({ memoryPath: `${context.paths.stateDir}/notified.json` });
    this.#control = new RunControl(context.interrupted);
    this.#wishes = new WishWatch({ paths: context.paths, log, control: this.#control });
    this.#folders = new ChosenFoldersWatch({
      onHint: () => this.#hinted(),
      onError: (error) => log.warn(loggableError(error), "a watcher failed; scans go on"),
    });
    this.#orphans = new OrphanCheck(context, () => this.#wakeUp.wake());
    this.#verification = new WeeklyVerification({
      ...{ context, log, notifier: this.#notifier },
      openSession: ({ destination, allowInsecureHttp = false }) =>
        this.#sessions.open(destination as Destination, allowInsecureHttp),
    });
  }

  async run(): Promise<void> {
    const { interrupted, paths } = this.#context;
    interrupted.addEventListener("abort", () => this.#wakeUp.wake(), { once: true });
    this.#publisher.start();
    const stateWatcher = watchState(paths, () => (this.#wakeUp.wake(), this.#wishes.changed()));
    this.#log.info({ version: this.#context.version }, "the helper starts");
    try {
      while (!interrupted.aborted && !this.#orphans.isRetired) await this.#look();
    } finally {
      await stateWatcher.close();
      await this.#folders.close();
      this.#verification.stop();
      await this.#sessions.close();
      this.#publisher.published.activity = "stopped";
      await this.#publisher.stop();
      this.#log.info("the helper ends");
    }
  }

  /** What our own files say against a turn holds the backup, and the helper stays up to say so. */
  async #look(): Promise<void> {
    // Only a new start gets a lock again, and until then another helper may take it.
    if (this.#lock.isLost()) this.#lock.verify();
    try {
      await this.#turn();
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
      const isNew = this.#publisher.published.stoppedBy?.error.code !== error.code;
      if (isNew) this.#log.error({ reason: error.code, ...loggableError(error.cause ?? error) }, "the backup is held");
      this.#hold(error);
      await this.#rest("idle");
    }
  }

  /** One look at what is wanted, one run if it is due, one wait. */
  async #turn(): Promise<void> {
    await this.#orphans.check();
    this.#schedule.look(this.#context.now());
    const settings = await this.#readSettings();
    if (!settings || settings.paused) return this.#rest(settings ? "paused" : "idle");
    const blocked = whatBlocks(settings);
    if (blocked) {
      // Settings that were set aside look like none at all; why they are gone is what the person must know.
      const wasSetAside = this.#publisher.published.stoppedBy?.error.code === "settings-broken";
      if (!wasSetAside || blocked.code !== "no-destination") this.#hold(blocked);
      return this.#rest("idle");
    }
    await this.#folders.follow(settings);
    const asked = await readAskedFor(this.#context.paths);
    if (asked.now && asked.id !== this.#heldRequests) this.#schedule.runNow();
    if (this.#schedule.nextRunAt <= this.#context.now()) return this.#backUp(settings, asked);
    if (!(await this.#verify(settings))) await this.#rest("idle");
  }

  /** Between two runs only. @returns whether there is more to do at once */
  async #verify(settings: Settings): Promise<boolean> {
    const { published } = this.#publisher;
    if (published.stoppedBy || this.#context.interrupted.aborted) return false;
    const outcome = await this.#verification.step(settings);
    if (outcome !== "lost") return outcome === "busy";
    const { ledger } = await this.#sessions.open(
      settings.destination as Destination,
      settings.allowInsecureHttp ?? false,
    );
    Object.assign(published, countRecorded(ledger));
    this.#schedule.runNow();
    return true;
  }

  async #rest(activity: "idle" | "paused"): Promise<void> {
    this.#publisher.published.activity = activity;
    this.#publisher.changed();
    const untilNextRun = this.#schedule.nextRunAt - this.#context.now();
    const before = this.#context.now();
    await this.#wakeUp.wait(
      activity === "paused" ? lookAroundMs : Math.min(Math.max(untilNextRun, 1_000), lookAroundMs),
    );
    // Longer than asked for: the Mac has slept, and nobody told us what happened meanwhile.
    const hasSlept = this.#context.now() - before > 2 * lookAroundMs;
    if (hasSlept && Number.isFinite(this.#schedule.nextRunAt)) this.#schedule.runNow();
  }

  async #readSettings(): Promise<Settings | undefined> {
    try {
      const settings = await readSettings(this.#context.paths);
      // Whatever held the backup may be mended by any change.
      if (this.#wishes.differ(settings)) this.#schedule.runNow();
      this.#publisher.published.newestFolderAt = newestFolderAt(settings);
      return settings;
    } catch (error) {
      if (!(error instanceof BackupError)) throw error;
      this.#hold(error);
      return undefined;
    }
  }

  #hinted(): void {
    this.#schedule.hint(this.#context.now());
    this.#control.hinted(this.#context.now(), this.#publisher.published.progress);
    this.#wakeUp.wake();
  }

  async #backUp(settings: Settings, asked: AskedFor): Promise<void> {
    const destination = settings.destination as Destination;
    const startedAt = this.#context.now();
    // Begun before anything is opened: a wish that comes meanwhile must find a run that it can stop.
    const signals = this.#wishes.begin(asked);
    this.#schedule.begun();
    try {
      if (await this.#isOutdated(settings)) return this.#schedule.runNow();
      const session = await this.#sessions.open(destination, settings.allowInsecureHttp ?? false);
      const summary = await session.run({
        folders: chosenFolders(settings),
        coversEverything: true,
        retryAll: asked.retryAll,
        retryPaths: asked.retryPaths,
        anywayPaths: asked.anywayPaths,
        ...signals,
      });
      await asked.done();
      session.forgetFailuresOutside(settings.folders.map((folder) => folder.path));
      Object.assign(this.#publisher.published, countRecorded(session.ledger));
      const failures = [...session.ledger.failures()];
      const nextTries = failures.map(([, failure]) => failure.nextTryAt);
      this.#schedule.ran({ now: this.#context.now(), scanMs: this.#scanMs(startedAt), nextTries });
      logRun(this.#log, summary, failures);
      await tellPerson(this.#notifier, settings, { summary });
    } catch (error) {
      this.#heldRequests = asked.id;
      await this.#stopped(error, settings);
    } finally {
      this.#control.end();
    }
  }

  /** Settings that changed after they were read and before the run could be stopped. */
  async #isOutdated(settings: Settings): Promise<boolean> {
    const now = await readSettings(this.#context.paths);
    return JSON.stringify(now) !== JSON.stringify(settings);
  }

  /** What ended a run early: a wish of the person's, or something that holds the whole backup. */
  async #stopped(error: unknown, settings: Settings): Promise<void> {
    if (this.#control.wasStopped || this.#context.interrupted.aborted) return this.#schedule.runNow();
    const known =
      error instanceof BackupError ? error : new BackupError("unknown", { detail: String(error), cause: error });
    this.#log.error({ reason: known.code, ...loggableError(known.cause ?? known) }, "the backup is held");
    this.#hold(known);
    await tellPerson(this.#notifier, settings, { error: known });
  }

  #hold(error: BackupError): void {
    this.#schedule.held(holdRun(this.#publisher.published, error, this.#context.now()));
    this.#publisher.changed();
  }

  #scanMs(startedAt: number): number {
    const scannedAt = this.#publisher.published.progress?.scannedAt ?? startedAt;
    return Math.max(0, scannedAt - startedAt);
  }
}
