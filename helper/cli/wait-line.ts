import type { SingleBar } from "cli-progress";
import type { Writable } from "node:stream";
import type { CliContext } from "./cli-context.ts";
import { terminalBar } from "./terminal-bar.ts";

/** What is over sooner is not announced. */
const announcedAfterMs = 300;

/** From here on it is told how long it goes on already. */
const timedFromMs = 2_000;

interface WaitLineOptions {
  isShown: boolean;
  now?: () => number;
  announcedAfterMs?: number;
}

/** One line on a terminal that says what goes on and for how long, while its end cannot be told; gone when it stops. */
export class WaitLine {
  readonly #bar: SingleBar | undefined;
  readonly #now: () => number;
  readonly #announcedAfterMs: number;
  #words: (() => string) | undefined;
  #since = 0;
  #announcing: NodeJS.Timeout | undefined;

  constructor(stream: Writable & { columns?: number }, options: WaitLineOptions) {
    this.#now = options.now ?? Date.now;
    this.#announcedAfterMs = options.announcedAfterMs ?? announcedAfterMs;
    if (options.isShown) this.#bar = terminalBar(stream, "{words}");
  }

  /** @param words are asked for anew at each drawing, so that counts in them are current */
  show(words: () => string): void {
    if (!this.#bar) return;
    const isGoingOn = this.#words !== undefined;
    this.#words = words;
    if (isGoingOn) return;
    this.#since = this.#now();
    this.#announcing = setTimeout(() => this.#announce(), this.#announcedAfterMs).unref();
  }

  stop(): void {
    clearTimeout(this.#announcing);
    // It draws itself once more.
    this.#bar?.stop();
    this.#words = undefined;
  }

  #announce(): void {
    const line = () => this.#line();
    const payload = {
      get words() {
        return line();
      },
    };
    this.#bar?.start(1, 0, payload);
  }

  #line(): string {
    const elapsedMs = this.#now() - this.#since;
    const time = elapsedMs < timedFromMs ? "" : ` (${Math.floor(elapsedMs / 1000)} s)`;
    return `${this.#words?.() ?? ""}…${time}`;
  }
}

/** Shows a line on a terminal while a command waits for somebody else; none in JSON. */
export async function withWaitLine<T>(
  { stderr, interrupted }: Pick<CliContext, "stderr" | "interrupted">,
  options: { json?: boolean },
  words: string,
  work: () => Promise<T>,
): Promise<T> {
  const line = new WaitLine(stderr, { isShown: !options.json && stderr.isTTY === true });
  line.show(() => (interrupted.aborted ? "Stopping" : words));
  try {
    return await work();
  } finally {
    line.stop();
  }
}
