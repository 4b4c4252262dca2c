import type { SingleBar } from "cli-progress";
import prettyBytes from "pretty-bytes";
import type { Writable } from "node:stream";
import type { VerifyProgress } from "../verify/verify-options.ts";
import { barColumns, terminalBar } from "./terminal-bar.ts";

const phaseWords = { listing: "listed", asking: "asked for", reading: "read" } as const;

/** What stands beside the bar at its usual width. */
const otherColumns = 50;

/** The bar a person sees on a terminal while the bucket is verified; nothing at all elsewhere. */
export class VerifyBar {
  readonly #bar: SingleBar | undefined;
  #phase: VerifyProgress["phase"] | undefined;

  constructor(stream: Writable & { columns?: number }, options: { isShown: boolean }) {
    if (!options.isShown) return;
    const format = "{bar} {percentage}% | {done} of {all} objects {words}";
    this.#bar = terminalBar(stream, format, barColumns((stream.columns ?? 120) - otherColumns));
  }

  update(progress: VerifyProgress): void {
    if (!this.#bar) return;
    const { phase, total, done, bytesTotal, bytesDone } = progress;
    const bytes = phase === "reading" ? `, ${prettyBytes(bytesDone)} of ${prettyBytes(bytesTotal)}` : "";
    const payload = { done, all: total, words: phaseWords[phase] + bytes };
    const [value, most] = phase === "reading" && bytesTotal > 0 ? [bytesDone, bytesTotal] : [done, Math.max(1, total)];
    if (this.#phase === undefined) this.#bar.start(most, value, payload);
    this.#phase = phase;
    this.#bar.setTotal(most);
    this.#bar.update(value, payload);
  }

  stop(): void {
    if (this.#phase !== undefined) this.#bar?.stop();
  }
}
