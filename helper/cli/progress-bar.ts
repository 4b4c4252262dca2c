import { basename } from "node:path";
import type { SingleBar } from "cli-progress";
import prettyBytes from "pretty-bytes";
import prettyMilliseconds from "pretty-ms";
import type { RunProgress } from "../backup/run-progress.ts";
import { TransferSpeed } from "../session/transfer-speed.ts";
import type { Writable } from "node:stream";
import { counted, grouped } from "./counted.ts";
import { barColumns, terminalBar } from "./terminal-bar.ts";
import { WaitLine } from "./wait-line.ts";
import { waitWords } from "./wait-words.ts";

/** What stands beside the bar and the name: percentage, counts, speed and time left, at their usual width. */
const otherColumns = 60;

interface ProgressBarOptions {
  isShown: boolean;
  /** Aborts at Ctrl+C. */
  stopping?: AbortSignal;
  /** Requests sent so far. */
  requestCount?: () => number;
  /** Sooner, for tests. */
  announcedAfterMs?: number;
}

/**
 * What a person sees on a terminal while a backup goes on; nothing at all elsewhere. A bar while photos go up, a line that
 * says what is done while nobody can tell how much is left of it.
 */
export class ProgressBar {
  readonly #bar: SingleBar | undefined;
  readonly #wait: WaitLine;
  readonly #speed = new TransferSpeed();
  readonly #nameColumns: number;
  readonly #stream: Writable;
  readonly #options: ProgressBarOptions;
  #isStarted = false;
  #drawAgain: (() => void) | undefined;

  constructor(stream: Writable & { columns?: number }, options: ProgressBarOptions) {
    const columns = stream.columns ?? 120;
    const barsize = barColumns(Math.floor(columns / 6));
    this.#stream = stream;
    this.#options = options;
    this.#nameColumns = Math.min(28, Math.max(0, columns - barsize - otherColumns));
    this.#wait = new WaitLine(stream, options);
    if (!options.isShown) return;
    const format = "{bar} {percentage}% | {counts} | {speed} | {left} | {name}";
    this.#bar = terminalBar(stream, format, barsize);
  }

  get isShown(): boolean {
    return this.#bar !== undefined;
  }

  /** Says what goes on where there is nothing to count. */
  show(words: string): void {
    this.#drawAgain = () => this.show(words);
    this.#stopBar();
    this.#wait.show(() => this.#unlessStopping(words));
  }

  update(progress: RunProgress): void {
    if (!this.#bar) return;
    this.#drawAgain = () => this.update(progress);
    if (waitWords(progress, 0) === undefined) return this.#draw(this.#bar, progress);
    this.#stopBar();
    const { requestCount = () => 0 } = this.#options;
    this.#wait.show(() => this.#unlessStopping(waitWords(progress, requestCount()) ?? ""));
  }

  /** Writes lines of text above what is drawn. */
  aside(text: string): void {
    const again = this.#drawAgain;
    this.stop();
    this.#stream.write(text);
    again?.();
  }

  stop(): void {
    this.#drawAgain = undefined;
    this.#wait.stop();
    this.#stopBar();
  }

  #draw(bar: SingleBar, progress: RunProgress): void {
    this.#wait.stop();
    const sentBytes = progress.bytesUploaded + (progress.current?.sentBytes ?? 0);
    const totalBytes = Math.max(1, progress.bytesUploaded + progress.waitingBytes);
    const payload = {
      counts: `${grouped(progress.alreadyBackedUp + progress.uploaded)} of ${counted(progress.scanned, "photo")}`,
      speed: this.#speedWords(sentBytes),
      name: this.#nameWords(progress),
      left: this.#left(progress),
    };
    if (!this.#isStarted) bar.start(totalBytes, 0, payload);
    this.#isStarted = true;
    bar.setTotal(totalBytes);
    bar.update(sentBytes, payload);
  }

  #stopBar(): void {
    if (this.#isStarted) this.#bar?.stop();
    this.#isStarted = false;
  }

  #unlessStopping(words: string): string {
    return this.#options.stopping?.aborted ? "Stopping" : words;
  }

  #speedWords(sentBytes: number): string {
    this.#speed.add(Date.now(), sentBytes);
    return `${prettyBytes(this.#speed.bytesPerSecond())}/s`;
  }

  #left(progress: RunProgress): string {
    const speed = this.#speed.bytesPerSecond();
    if (progress.waiting === 0) return "done";
    if (speed <= 0) return "…";
    return `${prettyMilliseconds(1000 * Math.ceil(progress.waitingBytes / speed), { unitCount: 2 })} left`;
  }

  /** A name is never wider than its column, and without the control characters it may hold. */
  #nameWords(progress: RunProgress): string {
    if (this.#options.stopping?.aborted) return "stopping after this photo";
    if (progress.outage) return `waiting: ${progress.outage.error.reason.title}`;
    if (progress.current) return cut(printable(basename(progress.current.path)), this.#nameColumns);
    if (progress.step === "settling") return "waiting until new files are still";
    if (progress.step === "retrying") return "waiting before another try";
    return progress.waiting > 0 ? "preparing the next photo" : "";
  }
}

function cut(name: string, columns: number): string {
  return name.length > columns ? `${name.slice(0, Math.max(0, columns - 1))}…` : name;
}

function printable(name: string): string {
  return name.replace(/\p{Cc}/gu, "�");
}
