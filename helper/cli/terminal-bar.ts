import { Presets, SingleBar } from "cli-progress";
import type { Writable } from "node:stream";

/** The most and the fewest columns that a bar itself takes. */
const [widest, narrowest] = [24, 6];

/** How many columns the bar itself gets, where so many are left for it. */
export function barColumns(columns: number): number {
  return Math.min(widest, Math.max(narrowest, columns));
}

/**
 * A bar on one line of a terminal, gone when it stops; where the output is no terminal, a line a second. The terminal cuts
 * what is too wide, and gets its cursor back however the process ends.
 */
export function terminalBar(stream: Writable, format: string, barsize = narrowest): SingleBar {
  const bar = new SingleBar(
    {
      format,
      noTTYOutput: true,
      notTTYSchedule: 1_000,
      stream: stream as NodeJS.WritableStream,
      hideCursor: true,
      // Names in Japanese take two columns a character: a line counted too short would be left behind at each drawing.
      linewrap: false,
      clearOnComplete: true,
      // After Ctrl+C what is on the wire may come to its end, and that is shown too.
      gracefulExit: false,
      fps: 5,
      barsize,
    },
    Presets.shades_classic,
  );
  const stop = () => bar.stop();
  bar.on("start", () => process.once("exit", stop));
  bar.on("stop", () => process.removeListener("exit", stop));
  return bar;
}
