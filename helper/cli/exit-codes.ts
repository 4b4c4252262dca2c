import { BackupError } from "../state/errors/backup-error.ts";
import { Interrupted } from "./interrupted.ts";
import { UsageError } from "./usage-error.ts";

/** Exit codes of every command, as `docs/design.md` lists them. */
export const exitCodes = { done: 0, withFailures: 1, usage: 2, destination: 3, state: 4 } as const;

/** The exit code that says what kind of error ended a command. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof Interrupted) return error.exitCode;
  if (error instanceof UsageError) return exitCodes.usage;
  if (!(error instanceof BackupError)) return exitCodes.state;
  if (error.reason.scope === "destination") return exitCodes.destination;
  if (error.reason.scope === "state") return exitCodes.state;
  return exitCodes.withFailures;
}
