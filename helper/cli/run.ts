import type { Command } from "commander";
import type { CliContext } from "./cli-context.ts";

export function addRunCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  program
    .command("run")
    .description(
      "watch the chosen folders and back them up until stopped; launchd runs this, so a second one leaves with 0",
    )
    .action(async () => exit(await context.parts.runDaemon(context)));
}
