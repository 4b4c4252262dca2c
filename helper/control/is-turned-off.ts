import { access } from "node:fs/promises";
import type { StatePaths } from "../state/state-paths.ts";
import { agentHost, type AgentHostOptions } from "./agent-host.ts";
import { agentPlaces } from "./agent-places.ts";

/**
 * Whether nothing starts the helper at login: background backup was turned off, or never on. One look at the disk,
 * for commands that must be quick; `agentState` also asks launchd. Never rejects.
 */
export async function isTurnedOff(paths: StatePaths, options: AgentHostOptions = {}): Promise<boolean> {
  return access(agentPlaces(paths, agentHost(options).homeDir).plist).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === "ENOENT",
  );
}
