import { watch } from "chokidar";
import type { StatePaths } from "../state/state-paths.ts";

/** Tells when settings or requests may have changed; the daemon also looks by itself from time to time. */
export function watchState(paths: StatePaths, onChange: () => void): { close(): Promise<void> } {
  const watcher = watch([paths.settings, paths.requestsDir], { ignoreInitial: true, followSymlinks: false });
  watcher.on("all", onChange);
  // A watcher that fails costs promptness only.
  watcher.on("error", () => undefined);
  return { close: () => watcher.close() };
}
