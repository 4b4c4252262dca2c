import { CommanderError } from "commander";
import type { CliContext } from "./cli-context.ts";
import { createProgram } from "./create-program.ts";
import { exitCodes } from "./exit-codes.ts";

/** Older ones fail amid the first request, in words that nobody understands. */
const oldestNode = 22;

/** Runs one command line. @param args without node and script @returns the process's exit code */
export async function runProgram(
  args: string[],
  context: CliContext,
  nodeVersion = process.versions.node,
): Promise<number> {
  if (Number.parseInt(nodeVersion, 10) < oldestNode) return refuseNode(args, context, nodeVersion);
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

function refuseNode(args: string[], { stdout, stderr }: CliContext, nodeVersion: string): number {
  const what = `This needs Node ${oldestNode} or newer, and runs in Node ${nodeVersion}.`;
  const mend = "Use `npm run helper -- …`, which brings its own, or install a newer Node.";
  if (args.includes("--json"))
    stdout.write(`${JSON.stringify({ error: { code: "old-node", title: "Node Is Too Old", what, mend } })}\n`);
  else stderr.write(`Node Is Too Old: ${what}\n${mend}\n`);
  return exitCodes.state;
}

function usageWords(error: CommanderError) {
  const what = error.message.replace(/^error: /, "");
  return { code: "usage", title: "Not Done", what, mend: "See the command's --help." };
}
