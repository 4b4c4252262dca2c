/**
 * `settings-writer.ts STATE_DIR NAME`: adds one to its own counter and to a shared one in settings.json, again and again
 * until SIGTERM, and prints its own counter each time it was told that it is written.
 */
import { writeSync } from "node:fs";
import { updateSettings } from "../../../helper/state/files/settings-store.ts";
import { statePathsAt } from "./state-paths-at.ts";

const [stateDir = "", name = ""] = process.argv.slice(2);
const paths = statePathsAt(stateDir);
let stopping = false;
process.on("SIGTERM", () => (stopping = true));

while (!stopping) {
  const written = await updateSettings(paths, (settings) => {
    const counters = (settings.counters ?? {}) as Record<string, number>;
    const own = (counters[name] ?? 0) + 1;
    return { ...settings, counters: { ...counters, [name]: own }, shared: Number(settings.shared ?? 0) + 1 };
  });
  writeSync(1, `${(written.counters as Record<string, number>)[name]}\n`);
}
