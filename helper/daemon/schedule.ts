/** A full scan at least this often: events get lost, and only a scan decides. */
export const fullScanEveryMs = 60 * 60_000;

/** After an event, this long for its companions to arrive. */
const hintDelayMs = 3_000;

/** A scan may take at most a twentieth of the time, however many events there are. */
export const scanShare = 20;

/** How long a run goes on before an event makes it start over, so that the new photo comes first. */
export const rescanAfterMs = 30_000;

/** When the next run is due. */
export class Schedule {
  #nextRunAt = 0;
  #earliestHintedAt = 0;
  #isHinted = false;
  #lastLookAt = 0;

  get nextRunAt(): number {
    return this.#nextRunAt;
  }

  /** To be called now and then, so that a clock that was set back is noticed. */
  look(now: number): void {
    if (now < this.#lastLookAt) this.clockWasSetBack();
    this.#lastLookAt = now;
  }

  runNow(): void {
    this.#nextRunAt = 0;
  }

  /** The clock was set back: every time that was planned may lie years ahead. */
  clockWasSetBack(): void {
    if (Number.isFinite(this.#nextRunAt)) this.#nextRunAt = 0;
    this.#earliestHintedAt = 0;
  }

  /** A run begins: what is hinted at from here on may have come too late for its scan. */
  begun(): void {
    this.#isHinted = false;
  }

  hint(now: number): void {
    this.#isHinted = true;
    this.#nextRunAt = Math.min(this.#nextRunAt, Math.max(now + hintDelayMs, this.#earliestHintedAt));
  }

  /** @param nextTries times at which failed photos want to be tried again */
  ran(run: { now: number; scanMs: number; nextTries: Iterable<string | undefined> }): void {
    this.#earliestHintedAt = run.now + run.scanMs * scanShare;
    this.#nextRunAt = run.now + fullScanEveryMs;
    if (this.#isHinted) this.hint(run.now);
    for (const time of run.nextTries) {
      // A time that is past already was of a photo this run did not meet: it would start one run after another.
      if (time && Date.parse(time) > run.now)
        this.#nextRunAt = Math.min(this.#nextRunAt, Math.max(Date.parse(time), this.#earliestHintedAt));
    }
  }

  /** The run was stopped by what only a change mends, or (`retryAt`) by what passes. */
  held(retryAt: number | undefined): void {
    this.#nextRunAt = retryAt ?? Number.POSITIVE_INFINITY;
    this.#earliestHintedAt = this.#nextRunAt;
  }
}
