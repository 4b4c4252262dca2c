import type { BackupSession } from "../session/backup-session.ts";
import { readAskedFor } from "../session/asked-for.ts";
import type { RunSummary } from "../backup/run-summary.ts";
import type { CliContext } from "./cli-context.ts";
import type { PreparedBackup } from "./prepare-backup.ts";

/** A body on the wire may finish within this time after Ctrl+C or SIGTERM; then it is given up. */
const finishMs = 8_000;

/** No new photo is begun after an interruption; the one on the wire gets `finishMs`. */
export async function runInterruptibly(
  session: BackupSession,
  prepared: PreparedBackup,
  context: CliContext & { rehash: boolean },
): Promise<RunSummary> {
  const aborting = new AbortController();
  const giveUp = () => setTimeout(() => aborting.abort(context.interrupted.reason), finishMs).unref();
  context.interrupted.addEventListener("abort", giveUp, { once: true });
  try {
    const asked = await readAskedFor(context.paths);
    const summary = await session.run({
      folders: prepared.folders,
      coversEverything: prepared.coversEverything,
      // Whoever types the command asks for everything, also for what failed a minute ago.
      retryAll: true,
      retryPaths: asked.retryPaths,
      anywayPaths: asked.anywayPaths,
      rehash: context.rehash,
      stopping: context.interrupted,
      aborting: aborting.signal,
    });
    // What is asked about other folders waits for the run that scans them.
    await asked.done(prepared.coversEverything ? undefined : prepared.folders.map((folder) => folder.path));
    return summary;
  } finally {
    context.interrupted.removeEventListener("abort", giveUp);
  }
}
