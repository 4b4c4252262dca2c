import { launchCommand, LaunchType } from "@raycast/api";
import { showProblem } from "./show-problem.ts";

export type CommandName = "list-buckets" | "back-up-folder" | "show-status" | "view-failures";

/** Opens another of our commands; one that is switched off in Raycast's settings is told in words. */
export async function openCommand(name: CommandName): Promise<void> {
  try {
    await launchCommand({ name, type: LaunchType.UserInitiated });
  } catch (error) {
    await showProblem(error);
  }
}
