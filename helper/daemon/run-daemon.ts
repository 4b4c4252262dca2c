import type { CliContext } from "../cli/cli-context.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { ensureStateDirs } from "../state/files/ensure-state-dirs.ts";
import { isHelperAlive } from "../state/files/is-helper-alive.ts";
import { readStatus } from "../state/files/status-store.ts";
import { acquireLock, type HeldLock } from "../state/lock/acquire-lock.ts";
import { openDaemonLog } from "./daemon-log.ts";
import { Daemon } from "./daemon.ts";
import { loggableError } from "./loggable-error.ts";

/** A `backup` from the command line is waited for; it ends by itself. */
const lookAgainMs = 5_000;

/**
 * The helper as launchd runs it: one for a person, until it is asked to end. A second one leaves with 0, since nothing
 * that launchd could do by starting it again would mend that.
 * @returns the exit code
 */
export async function runDaemon(context: CliContext): Promise<number> {
  await ensureStateDirs(context.paths);
  const lock = await lockOrLeave(context);
  if (!lock) return 0;
  if (context.stderr.isTTY)
    context.stderr.write("Watching the chosen folders. `status` says how it goes; Ctrl+C ends it.\n");
  const { log, close } = openDaemonLog(context.paths.logDir);
  try {
    await new Daemon({ context, log, lock }).run();
    return 0;
  } catch (error) {
    log.fatal(loggableError(error), "the helper ends");
    throw error;
  } finally {
    await close();
    await lock.release();
  }
}

async function lockOrLeave(context: CliContext): Promise<HeldLock | undefined> {
  while (!context.interrupted.aborted) {
    try {
      return await acquireLock(context.paths.helperLock);
    } catch (error) {
      if (!(error instanceof BackupError) || error.code !== "another-helper-runs") throw error;
      const owner = await readStatus(context.paths).catch(() => undefined);
      const isCommand = owner?.mode === "cli" && isHelperAlive(owner);
      if (!isCommand) {
        context.stderr.write(`${error.reason.title}: ${error.reason.what} (${error.detail ?? ""})\n`);
        return undefined;
      }
      await waitOrInterrupt(lookAgainMs, context.interrupted);
    }
  }
  return undefined;
}

function waitOrInterrupt(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
