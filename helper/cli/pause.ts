import type { Command } from "commander";
import { ensureStateDirs } from "../state/files/ensure-state-dirs.ts";
import { updateSettings } from "../state/files/settings-store.ts";
import type { CliContext } from "./cli-context.ts";
import { report } from "./report.ts";

/** `pause` and `resume`: only the setting; the daemon sees it and stops after the photo on the wire. */
export function addPauseCommands(program: Command, context: CliContext, exit: (code: number) => void): void {
  add(
    "pause",
    "pause the background backup",
    true,
    "The background backup is paused, after the photo on the wire. A `backup` started by hand goes on.",
  );
  add("resume", "go on with the background backup", false, "The background backup goes on.");

  function add(name: string, description: string, paused: boolean, words: string): void {
    program
      .command(name)
      .description(description)
      .option("--json", "print one JSON object instead of words")
      .action(async (options: { json?: boolean }) => {
        const work = async () => {
          await ensureStateDirs(context.paths);
          await updateSettings(context.paths, (settings) => ({ ...settings, paused }));
          return { json: { paused }, words };
        };
        exit(await report(context, options, work));
      });
  }
}
