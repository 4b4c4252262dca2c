import { BackupError } from "../state/errors/backup-error.ts";
import type { CliContext } from "./cli-context.ts";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";
import { Interrupted } from "./interrupted.ts";
import { UsageError } from "./usage-error.ts";

export interface CommandResult {
  /** The one object that `--json` prints. */
  json: object;
  /** The same for a person. */
  words: string;
  exitCode?: number;
}

interface ErrorWords {
  code: string;
  title: string;
  what: string;
  mend: string;
  detail?: string;
}

/** Runs a command and prints its result or its error; the only place that writes to stdout. @returns the exit code */
export async function report(
  context: Pick<CliContext, "stdout" | "stderr">,
  options: { json?: boolean | undefined },
  work: () => Promise<CommandResult>,
): Promise<number> {
  try {
    const result = await work();
    context.stdout.write(options.json ? `${JSON.stringify(result.json)}\n` : withNewline(result.words));
    return result.exitCode ?? exitCodes.done;
  } catch (error) {
    const words = errorWords(error);
    if (options.json) context.stdout.write(`${JSON.stringify({ error: words })}\n`);
    else context.stderr.write(forPerson(words));
    return exitCodeOf(error);
  }
}

function forPerson({ title, what, mend, detail }: ErrorWords): string {
  return `${title}: ${what}${detail ? ` (${detail})` : ""}\n${mend}\n`;
}

/** What an error is to a person. An error nobody foresaw shows its message; it is never success. */
export function errorWords(error: unknown): ErrorWords {
  if (error instanceof BackupError) {
    const { title, what, mend } = error.reason;
    return { code: error.code, title, what, mend, ...(error.detail ? { detail: error.detail } : {}) };
  }
  if (error instanceof UsageError) {
    return { code: "usage", title: "Not Done", what: error.message, mend: error.mend };
  }
  if (error instanceof Interrupted) {
    return { code: "interrupted", title: "Stopped", what: error.message, mend: "Start it again to go on." };
  }
  const detail = error instanceof Error ? error.message : String(error);
  const what = "Something happened that Photolala does not know.";
  return { code: "unknown", title: "Unknown Error", what, mend: "Report it with these words.", detail };
}

function withNewline(words: string): string {
  return words === "" || words.endsWith("\n") ? words : `${words}\n`;
}
