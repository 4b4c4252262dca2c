import type { SingleBar } from "cli-progress";
import prettyBytes from "pretty-bytes";
import type { Writable } from "node:stream";
import type { VerifyProgress } from "../verify/verify-options.ts";
import { counted, grouped } from "./counted.ts";
import { barColumns, terminalBar } from "./terminal-bar.ts";
import { WaitLine } from "./wait-line.ts";

const phaseWords = { listing: "listed", asking: "asked for", reading: "read" } as const;

/** What stands beside the bar at its usual width. */
const otherColumns = 50;

interface VerifyBarOptions {
  isShown: boolean;
  /** Aborts at Ctrl+C. */
  stopping?: AbortSignal;
  /** Sooner, for tests. */
  announcedAfterMs?: number;
}

/**
 * What a person sees on a terminal while the bucket is verified; nothing at all elsewhere. A bar where the objects are
 * counted, a line that says what is done where there is nothing to count.
 */
export class VerifyBar {
  readonly #bar: SingleBar | undefined;
  readonly #wait: WaitLine;
  readonly #stopping: AbortSignal | undefined;
  #isStarted = false;

  constructor(stream: Writable & { columns?: number }, options: VerifyBarOptions) {
    this.#wait = new WaitLine(stream, options);
    this.#stopping = options.stopping;
    if (!options.isShown) return;
    const format = "{bar} {percentage}% | {counts} {words}";
    this.#bar = terminalBar(stream, format, barColumns((stream.columns ?? 120) - otherColumns));
  }

  /** @param words are asked for anew at each drawing */
  show(words: () => string): void {
    this.#stopBar();
    this.#wait.show(() => (this.#stopping?.aborted ? "Stopping" : words()));
  }

  update(progress: VerifyProgress): void {
    if (!this.#bar) return;
    this.#wait.stop();
    const { phase, total, done, bytesTotal, bytesDone } = progress;
    const bytes = phase === "reading" ? `, ${prettyBytes(bytesDone)} of ${prettyBytes(bytesTotal)}` : "";
    const counts = `${grouped(done)} of ${counted(total, "object")}`;
    const payload = { counts, words: phaseWords[phase] + bytes };
    const [value, most] = phase === "reading" && bytesTotal > 0 ? [bytesDone, bytesTotal] : [done, Math.max(1, total)];
    if (!this.#isStarted) this.#bar.start(most, value, payload);
    this.#isStarted = true;
    this.#bar.setTotal(most);
    this.#bar.update(value, payload);
  }

  stop(): void {
    this.#wait.stop();
    this.#stopBar();
  }

  #stopBar(): void {
    if (this.#isStarted) this.#bar?.stop();
    this.#isStarted = false;
  }
}
