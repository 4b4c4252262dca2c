import { BackupError } from "../state/errors/backup-error.ts";
import { backoffMs, longestOutageWaitMs } from "./backoff.ts";
import type { Clock } from "./clock.ts";

/** What the person is told while everything waits. */
export interface Outage {
  error: BackupError;
  since: number;
  nextTryAt: number;
}

interface GateOptions {
  clock: Clock;
  /** 0 to 1. */
  random: () => number;
  /** How long an outage may last before the run gives up; a daemon waits as long as it takes. */
  patienceMs: number;
  onChange?: (outage: Outage | undefined) => void;
}

/** So many answers in a row that are not S3's are a hiccup of something in between, if the service answered before. */
const oddAnswersMost = 3;

/** How one operation has fared so far. */
interface Tries {
  count: number;
  failingSince: number | undefined;
}

/**
 * The one place where requests are tried again. An outage is the destination's, not a photo's: the first to meet it
 * closes the gate, everybody waits, and when the time is up a single request goes through to see whether it is over.
 * Only that one can tell: a question begun earlier may still be answered while every upload is refused, and believing
 * it would send the next upload at once, without the wait that was asked for.
 */
export class DestinationGate {
  readonly #options: GateOptions;
  #outage: Outage | undefined;
  /** When a wait that the service asked for outlasts our patience: when that ends. */
  #giveUpAt: number | undefined;
  #attempt = 0;
  #probe: Promise<void> | undefined;
  #hasAnswered = false;
  #oddAnswers = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  get outage(): Outage | undefined {
    return this.#outage;
  }

  /**
   * @param operation is given how often it was tried before: after an attempt without an answer the first thing to
   * find out is whether that attempt came through
   * @throws the operation's error when it is no outage, or the outage has outlasted our patience
   */
  async run<Result>(operation: (triesBefore: number) => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const tries: Tries = { count: 0, failingSince: undefined };
    for (;;) {
      const finishProbe = await this.#pass(signal);
      const isProbe = finishProbe !== undefined;
      try {
        const result = await operation(tries.count);
        this.#hasAnswered = true;
        this.#oddAnswers = 0;
        if (isProbe) this.#over();
        return result;
      } catch (error) {
        // A refusal is an answer too.
        if (isProbe && error instanceof BackupError && !this.#isOutage(error)) this.#over();
        this.#consider(error, { isProbe, tries, signal });
      } finally {
        finishProbe?.();
      }
    }
  }

  /** Waits until the gate is open. @returns a function to call when we are the one who tries whether it is over */
  async #pass(signal: AbortSignal | undefined): Promise<(() => void) | undefined> {
    for (;;) {
      signal?.throwIfAborted();
      if (!this.#outage) return undefined;
      if (this.#probe) {
        await orAborted(this.#probe, signal);
        continue;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#probe = promise;
      const finish = () => {
        this.#probe = undefined;
        resolve();
      };
      try {
        await this.#waitItOut(signal);
        return finish;
      } catch (error) {
        finish();
        throw error;
      }
    }
  }

  /**
   * The time may be put off while we wait, by a request that was still on its way.
   * @throws the outage's error at the end of our patience: the service is not asked before the time it gave
   */
  async #waitItOut(signal: AbortSignal | undefined): Promise<void> {
    const { clock } = this.#options;
    for (;;) {
      const { error, nextTryAt } = this.#outage ?? { nextTryAt: 0 };
      // Never longer than anybody may ask for: a clock that was set back would make it hours.
      const leftMs = Math.min(nextTryAt - clock.now(), longestOutageWaitMs);
      if (leftMs <= 0) return;
      const patienceMs = (this.#giveUpAt ?? Number.POSITIVE_INFINITY) - clock.now();
      if (patienceMs <= 0) throw error;
      await clock.sleep(Math.min(leftMs, patienceMs), signal);
    }
  }

  /** Closes the gate for an outage, or keeps it closed. @throws the error when it is none, or lasts too long */
  #consider(error: unknown, about: { isProbe: boolean; tries: Tries; signal: AbortSignal | undefined }): void {
    const { isProbe, tries, signal } = about;
    if (signal?.aborted || !this.#isOutage(error)) throw error;
    // Several that were on their way at once are one hiccup.
    if (error.code === "not-s3" && (!this.#outage || isProbe)) this.#oddAnswers += 1;
    const now = this.#options.clock.now();
    // Uploads may be refused for hours while questions are answered in between, so each operation counts for itself.
    tries.failingSince ??= this.#outage?.since ?? now;
    if (tries.count > 0 && now - tries.failingSince >= this.#options.patienceMs) throw error;
    const attempt = Math.max(this.#attempt, tries.count);
    tries.count += 1;
    if (!this.#outage || isProbe) {
      this.#attempt = attempt + 1;
      const nextTryAt = this.#nextTryAt(attempt, error, tries.failingSince);
      this.#close({ error, since: tries.failingSince, nextTryAt }, error.retryAfterMs !== undefined);
    } else if (error.retryAfterMs !== undefined) {
      // It was on its way when the gate closed: the same outage, but it may have been told to wait longer.
      this.#close({ ...this.#outage, nextTryAt: Math.max(this.#outage.nextTryAt, now + error.retryAfterMs) }, true);
    }
  }

  /** Our own wait ends with our patience, by a last try; one that the service asked for is never cut short. */
  #nextTryAt(attempt: number, { retryAfterMs }: BackupError, failingSince: number): number {
    const now = this.#options.clock.now();
    const at = now + backoffMs(attempt, this.#options.random, retryAfterMs);
    const patienceEndsAt = failingSince + this.#options.patienceMs;
    return retryAfterMs === undefined && patienceEndsAt > now ? Math.min(at, patienceEndsAt) : at;
  }

  /** A proxy's page amid good answers passes like an outage; from the start, or again and again, it is a wrong place. */
  #isOutage(error: unknown): error is BackupError {
    const isOdd = error instanceof BackupError && error.code === "not-s3";
    return isOutage(error) || (isOdd && this.#hasAnswered && this.#oddAnswers < oddAnswersMost);
  }

  #close(outage: Outage, isAsked: boolean): void {
    this.#outage = outage;
    const patienceEndsAt = outage.since + this.#options.patienceMs;
    this.#giveUpAt = isAsked && outage.nextTryAt > patienceEndsAt ? patienceEndsAt : undefined;
    this.#options.onChange?.(outage);
  }

  #over(): void {
    this.#outage = undefined;
    this.#attempt = 0;
    this.#options.onChange?.(undefined);
  }
}

/** Settles with the promise, or rejects with the signal's reason as soon as it aborts. */
async function orAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

function isOutage(error: unknown): error is BackupError {
  return error instanceof BackupError && error.reason.scope === "destination" && error.reason.retry === "backoff";
}
