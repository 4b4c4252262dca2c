import { rescanAfterMs, scanShare } from "./schedule.ts";

/** A body on the wire may finish within this time after SIGTERM; then it is given up. */
const finishMs = 8_000;

/** Starts and stops one run at a time: by the process's end, by a changed wish, or for a photo that should come first. */
export class RunControl {
  readonly #interrupted: AbortSignal;
  #stopping: AbortController | undefined;
  #ended = new AbortController();
  wasStopped = false;

  constructor(interrupted: AbortSignal) {
    this.#interrupted = interrupted;
  }

  get isRunning(): boolean {
    return this.#stopping !== undefined;
  }

  begin(): { stopping: AbortSignal; aborting: AbortSignal } {
    this.#stopping = new AbortController();
    this.wasStopped = false;
    const aborting = new AbortController();
    const giveUp = () => setTimeout(() => aborting.abort(this.#interrupted.reason), finishMs).unref();
    // Until the run has ended, not only until it was stopped: the photo on the wire outlasts a pause.
    this.#ended = new AbortController();
    this.#interrupted.addEventListener("abort", giveUp, { once: true, signal: this.#ended.signal });
    return { stopping: AbortSignal.any([this.#stopping.signal, this.#interrupted]), aborting: aborting.signal };
  }

  /** No new photo is begun; the one on the wire is finished. */
  stop(): void {
    this.wasStopped = true;
    this.#stopping?.abort(new Error("another run is wanted"));
  }

  /**
   * A long run starts over, so that the photo somebody just put there comes in its turn today and not next week. Never
   * while it scans, and a slow scan is not repeated often: else steady events would keep every run from uploading.
   */
  hinted(now: number, scan: { startedAt: number; scannedAt?: number } | undefined): void {
    if (!this.isRunning || scan?.scannedAt === undefined) return;
    const scanMs = scan.scannedAt - scan.startedAt;
    if (now - scan.scannedAt > Math.max(rescanAfterMs, scanMs * scanShare)) this.stop();
  }

  end(): void {
    this.#ended.abort();
    this.#stopping = undefined;
  }
}
