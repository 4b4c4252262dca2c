import { CommanderError } from "commander";
import type { CliContext } from "./cli-context.ts";
import { createProgram } from "./create-program.ts";
import { exitCodes } from "./exit-codes.ts";

/** Runs one command line. @param args without node and script @returns the process's exit code */
export async function runProgram(args: string[], context: CliContext): Promise<number> {
  let exitCode: number = exitCodes.done;
  const program = createProgram(context, (code) => (exitCode = code));
  try {
    await program.parseAsync(args, { from: "user" });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return exitCodes.done;
    if (args.includes("--json")) context.stdout.write(`${JSON.stringify({ error: usageWords(error) })}\n`);
    return exitCodes.usage;
  }
}

function usageWords(error: CommanderError) {
  const what = error.message.replace(/^error: /, "");
  return { code: "usage", title: "Not Done", what, mend: "See the command's --help." };
}
