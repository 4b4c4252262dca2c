import { setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../../helper/backup/clock.ts";

/** A clock that stands still until somebody sleeps; then it jumps. */
export class FakeClock implements Clock {
  /** Every sleep so far, in milliseconds. */
  readonly sleeps: number[] = [];
  /** Called before each sleep ends, so that the world can change meanwhile. */
  onSleep: (milliseconds: number) => void | Promise<void> = () => undefined;
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }

  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.sleeps.push(milliseconds);
    await turn();
    await this.onSleep(milliseconds);
    signal?.throwIfAborted();
    this.#now += milliseconds;
  }
}
