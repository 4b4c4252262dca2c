import type { Logger } from "pino";
import { systemClock } from "../backup/clock.ts";
import { DestinationGate } from "../backup/destination-gate.ts";
import type { LedgerPort } from "../backup/ledger-port.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import type { CliContext } from "../cli/cli-context.ts";
import type { Notifier } from "../notify/notify.ts";
import type { BackupSession } from "../session/backup-session.ts";
import { readVerifyAsked, type VerifyAsked } from "../session/verify-asked.ts";
import type { Destination } from "../state/files/destination.ts";
import { destinationId } from "../state/files/destination-id.ts";
import type { Settings } from "../state/files/settings.ts";
import { noteVerification, readVerification } from "../state/files/verification-store.ts";
import { entriesWhere, expectedObjects } from "../verify/expected-object.ts";
import { markLost, unmarkReturned } from "../verify/mark-lost.ts";
import { proofOf } from "../verify/proof-of.ts";
import { VerifyRun } from "../verify/verify-run.ts";
import type { VerifySummary } from "../verify/verify-summary.ts";
import { loggableError } from "./loggable-error.ts";
import { tellLosses } from "./tell-losses.ts";

export const verifyEveryMs = 7 * 24 * 60 * 60_000;

/** After the start, and after one that could not be finished. */
const verifyAgainAfterMs = 60 * 60_000;

/** Where the bucket may not be listed: HEADs a week, chosen anew each time. */
const headsMost = 1_000;

interface Options {
  context: Pick<CliContext, "paths" | "now" | "interrupted" | "parts">;
  log: Logger;
  notifier: Notifier;
  openSession: (
    settings: Settings,
  ) => Promise<{ ledger: LedgerPort & { size: number } } & Pick<BackupSession, "lookAtCatalogue">>;
}

interface UnderWay {
  id: string;
  run: VerifyRun;
  steps: AsyncGenerator<void>;
  store: ObjectStore;
  /** Asked for about some photos; undefined for the weekly look at all. */
  asked: VerifyAsked | undefined;
}

/**
 * The daemon's look whether what it uploaded is still in the bucket: once a week, by listing, without reading a byte. It
 * goes on step by step between two runs, so that no backup ever waits for it.
 */
export class WeeklyVerification {
  readonly #options: Options;
  #underWay: UnderWay | undefined;
  #notBefore: number;

  constructor(options: Options) {
    this.#options = options;
    this.#notBefore = options.context.now() + verifyAgainAfterMs;
  }

  /**
   * A few seconds of it, if it is wanted. It never rejects for what the bucket says: the next backup meets that too.
   * @returns "idle" when there was nothing to do, "lost" when photos or pieces of the catalogue must be sent again
   */
  async step(settings: Settings): Promise<"idle" | "busy" | "lost"> {
    try {
      const underWay = await this.#current(settings);
      if (!underWay) return "idle";
      const { done } = await underWay.steps.next();
      if (!done) return "busy";
      return (await this.#finish(underWay, settings)) > 0 ? "lost" : "busy";
    } catch (error) {
      this.#options.log.warn(loggableError(error), "a verification was not finished");
      this.stop();
      this.#notBefore = this.#options.context.now() + verifyAgainAfterMs;
      return "idle";
    }
  }

  /** Forgets what is under way; the next step begins anew. */
  stop(): void {
    this.#underWay?.store.close();
    this.#underWay = undefined;
  }

  async #current(settings: Settings): Promise<UnderWay | undefined> {
    const destination = settings.destination as Destination;
    const id = destinationId(destination);
    if (this.#underWay && this.#underWay.id !== id) this.stop();
    this.#underWay ??= await this.#begin(settings, destination, id);
    return this.#underWay;
  }

  async #begin(settings: Settings, destination: Destination, id: string): Promise<UnderWay | undefined> {
    const { context } = this.#options;
    const asked = await readVerifyAsked(context.paths);
    if (!asked && !(await this.#isDue(destination))) return undefined;
    const { ledger } = await this.#options.openSession(settings);
    if (ledger.size === 0) return void (await asked?.done());
    const of = asked?.paths;
    const isAsked = (path: string): boolean => !of || of.has(path);
    let photos = 0;
    for (const path of ledger.paths()) if (isAsked(path)) photos += 1;
    const expected = expectedObjects(entriesWhere(ledger.entries(), isAsked));
    const store = await context.parts.openStore(destination, {
      allowInsecureHttp: settings.allowInsecureHttp ?? false,
    });
    const run = new VerifyRun({
      store,
      expected,
      clock: systemClock,
      gate: oneTry(),
      prefix: destination.prefix,
      photos,
      isKnown: (key) => expected.has(key),
      isListed: !of,
      headsMost: of ? Number.POSITIVE_INFINITY : headsMost,
      seed: new Date(context.now()).toISOString(),
      // Whoever asks may have found by reading what no listing shows.
      readPercent: of ? 100 : 0,
      signal: context.interrupted,
    });
    return { id, run, steps: run.steps(), store, asked };
  }

  async #isDue(destination: Destination): Promise<boolean> {
    const { context } = this.#options;
    const now = context.now();
    // A clock that was set back must not put it off for years.
    if (this.#notBefore > now && this.#notBefore <= now + verifyEveryMs) return false;
    const last = (await readVerification(context.paths, destination))?.presence;
    const dueAt = last ? Date.parse(last.at) + verifyEveryMs : now;
    if (dueAt <= now || dueAt > now + verifyEveryMs) return true;
    this.#notBefore = Math.min(dueAt, now + verifyAgainAfterMs);
    return false;
  }

  /** @returns photos and pieces of the catalogue that must be sent again */
  async #finish({ run, asked, store }: UnderWay, settings: Settings): Promise<number> {
    const { context, log, notifier } = this.#options;
    const { summary } = run;
    const now = context.now();
    // A backup in between may have opened it anew.
    const session = await this.#options.openSession(settings);
    const { ledger } = session;
    const lostPieces = asked?.paths ? 0 : await this.#lookAtCatalogue(session, store);
    this.stop();
    const marked = markLost(ledger, summary.findings, now);
    const doubtful = new Set(summary.findings.map(({ key }) => key));
    if (summary.method !== "sample" && !asked?.paths) unmarkReturned(ledger, (key) => !doubtful.has(key));
    if (!asked?.paths) {
      this.#notBefore = now + verifyAgainAfterMs;
      // What was found lost must be told and sent again, whether or not the proof can be kept.
      await noteVerification(context.paths, settings.destination as Destination, proofOf(summary, now)).catch(
        (error: unknown) => log.warn(loggableError(error), "a verification could not be noted"),
      );
    }
    await asked?.done();
    log.info(loggable(summary), "a verification ended");
    await tellLosses(notifier, settings, { lost: marked });
    return marked + lostPieces;
  }

  /** What was found of the photos stands, whatever comes of this. */
  async #lookAtCatalogue(session: Pick<BackupSession, "lookAtCatalogue">, store: ObjectStore): Promise<number> {
    const { context, log } = this.#options;
    try {
      const found = await session.lookAtCatalogue({ store, gate: oneTry(), signal: context.interrupted });
      if (found && found.missing > 0) log.warn(found, "objects of our catalogue are gone; it is stored anew");
      return found?.missing ?? 0;
    } catch (error) {
      log.warn(loggableError(error), "the catalogue in the bucket could not be looked at");
      return 0;
    }
  }
}

function oneTry(): DestinationGate {
  return new DestinationGate({ clock: systemClock, random: Math.random, patienceMs: 0 });
}

/** Counts only: keys name photos. */
function loggable({ findings, ...counts }: VerifySummary) {
  return { ...counts, findings: findings.length };
}
