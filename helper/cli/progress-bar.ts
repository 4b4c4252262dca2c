import { basename } from "node:path";
import type { SingleBar } from "cli-progress";
import prettyBytes from "pretty-bytes";
import prettyMilliseconds from "pretty-ms";
import type { RunProgress } from "../backup/run-progress.ts";
import { TransferSpeed } from "../session/transfer-speed.ts";
import type { Writable } from "node:stream";
import { barColumns, terminalBar } from "./terminal-bar.ts";

/** What stands beside the bar and the name: percentage, counts, speed and time left, at their usual width. */
const otherColumns = 58;

/** The bar a person sees on a terminal while photos go up; nothing at all elsewhere. */
export class ProgressBar {
  readonly #bar: SingleBar | undefined;
  readonly #speed = new TransferSpeed();
  readonly #nameColumns: number;
  #isStarted = false;

  constructor(stream: Writable & { columns?: number }, options: { isShown: boolean }) {
    const columns = stream.columns ?? 120;
    const barsize = barColumns(Math.floor(columns / 6));
    this.#nameColumns = Math.min(28, Math.max(0, columns - barsize - otherColumns));
    if (!options.isShown) return;
    const format = "{bar} {percentage}% | {done} of {all} photos | {speed} | {left} | {name}";
    this.#bar = terminalBar(stream, format, barsize);
  }

  get isShown(): boolean {
    return this.#bar !== undefined;
  }

  update(progress: RunProgress): void {
    if (!this.#bar || progress.phase === "scanning") return;
    const done = progress.alreadyBackedUp + progress.uploaded;
    const sentBytes = progress.bytesUploaded + (progress.current?.sentBytes ?? 0);
    const totalBytes = Math.max(1, progress.bytesUploaded + progress.waitingBytes);
    const payload = {
      done,
      all: progress.scanned,
      speed: this.#speedWords(sentBytes),
      name: nameWords(progress, this.#nameColumns),
      left: this.#left(progress),
    };
    if (!this.#isStarted) this.#bar.start(totalBytes, 0, payload);
    this.#isStarted = true;
    this.#bar.setTotal(totalBytes);
    this.#bar.update(sentBytes, payload);
  }

  stop(): void {
    if (this.#isStarted) this.#bar?.stop();
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
}

/** Never wider than its column, and without the control characters a file's name may hold. */
function nameWords(progress: RunProgress, columns: number): string {
  if (progress.outage) return `waiting: ${progress.outage.error.reason.title}`;
  if (!progress.current && progress.waiting > 0) return "waiting until new files are still";
  const name = printable(basename(progress.current?.path ?? ""));
  return name.length > columns ? `${name.slice(0, Math.max(0, columns - 1))}…` : name;
}

function printable(name: string): string {
  return name.replace(/\p{Cc}/gu, "�");
}
