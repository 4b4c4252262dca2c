import { performance } from "node:perf_hooks";

/** Tells when what is waited for has not moved for too long, or everything together has taken too long. */
export class Watchdog {
  readonly #onTimeout: (what: string) => void;
  #timer: NodeJS.Timeout | undefined;
  #timerEndsAt = Infinity;
  #what = "";
  #limitMs = Infinity;
  #movedAt = 0;
  #endsAt = Infinity;

  /** @param onTimeout is called once, with words for what was waited for */
  constructor(onTimeout: (what: string) => void) {
    this.#onTimeout = onTimeout;
  }

  /** Bounds everything that is waited for from now on. */
  limitTotal(totalMs: number): void {
    this.#endsAt = performance.now() + totalMs;
  }

  /** Waits for something else from now on. */
  watch(what: string, limitMs: number): void {
    this.#what = what;
    this.#limitMs = limitMs;
    this.#movedAt = performance.now();
    this.#arm();
  }

  /** What is waited for has moved. Called for every piece, so it sets no timer: the one that runs looks again. */
  moved(): void {
    this.#movedAt = performance.now();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#timerEndsAt = Infinity;
  }

  /** A timer that ends too early only looks again, so most requests need but one. */
  #arm(): void {
    const dueAt = Math.min(this.#movedAt + this.#limitMs, this.#endsAt);
    if (this.#timerEndsAt <= dueAt) return;
    clearTimeout(this.#timer);
    this.#timerEndsAt = dueAt;
    this.#timer = setTimeout(() => this.#look(), Math.max(1, Math.ceil(dueAt - performance.now())));
  }

  #look(): void {
    this.#timerEndsAt = Infinity;
    const now = performance.now();
    if (now >= this.#endsAt) return this.#onTimeout("the whole request took too long");
    if (now - this.#movedAt >= this.#limitMs) return this.#onTimeout(this.#what);
    this.#arm();
  }
}
