import { Presets, SingleBar } from "cli-progress";
import type { Writable } from "node:stream";

/** The most and the fewest columns that a bar itself takes. */
const [widest, narrowest] = [24, 6];

/** How many columns the bar itself gets, where so many are left for it. */
export function barColumns(columns: number): number {
  return Math.min(widest, Math.max(narrowest, columns));
}

/** A bar on one line of a terminal, gone when it stops; where the output is no terminal, a line a second. */
export function terminalBar(stream: Writable, format: string, barsize: number): SingleBar {
  return new SingleBar(
    {
      format,
      noTTYOutput: true,
      notTTYSchedule: 1_000,
      stream: stream as NodeJS.WritableStream,
      hideCursor: true,
      clearOnComplete: true,
      fps: 5,
      barsize,
    },
    Presets.shades_classic,
  );
}
