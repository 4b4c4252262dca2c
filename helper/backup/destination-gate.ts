import { BackupError } from "../state/errors/backup-error.ts";
import { backoffMs } from "./backoff.ts";
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

/**
 * The one place where requests are tried again. An outage is the destination's, not a photo's: the first to meet it
 * closes the gate, everybody waits, and when the time is up a single request goes through to see whether it is over.
 */
export class DestinationGate {
  readonly #options: GateOptions;
  #outage: Outage | undefined;
  #attempt = 0;
  #probe: Promise<void> | undefined;

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
    for (let tries = 0; ; tries += 1) {
      const finishProbe = await this.#pass(signal);
      try {
        const result = await operation(tries);
        this.#answered();
        return result;
      } catch (error) {
        this.#consider(error, signal);
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
        await this.#probe;
        continue;
      }
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#probe = promise;
      const finish = () => {
        this.#probe = undefined;
        resolve();
      };
      try {
        await this.#options.clock.sleep(Math.max(0, this.#outage.nextTryAt - this.#options.clock.now()), signal);
        return finish;
      } catch (error) {
        finish();
        throw error;
      }
    }
  }

  #consider(error: unknown, signal: AbortSignal | undefined): void {
    if (signal?.aborted) throw error;
    if (!isOutage(error)) {
      if (error instanceof BackupError) this.#answered();
      throw error;
    }
    const now = this.#options.clock.now();
    const since = this.#outage?.since ?? now;
    if (now - since >= this.#options.patienceMs && this.#attempt > 0) throw error;
    const waitMs = backoffMs(this.#attempt, this.#options.random, error.retryAfterMs);
    this.#attempt += 1;
    this.#outage = { error, since, nextTryAt: now + waitMs };
    this.#options.onChange?.(this.#outage);
  }

  #answered(): void {
    if (!this.#outage) return;
    this.#outage = undefined;
    this.#attempt = 0;
    this.#options.onChange?.(undefined);
  }
}

function isOutage(error: unknown): error is BackupError {
  return error instanceof BackupError && error.reason.scope === "destination" && error.reason.retry === "backoff";
}
