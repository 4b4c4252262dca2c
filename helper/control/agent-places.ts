import { join } from "node:path";
import type { StatePaths } from "../state/state-paths.ts";
import { agentLabel } from "./agent-label.ts";

export interface AgentPlaces {
  launchAgentsDir: string;
  plist: string;
  launcher: string;
  bundle: string;
  compileCache: string;
  record: string;
}

/** Where the agent's files are: launchd's in the person's Library, ours in the state folder's `bin`. */
export function agentPlaces(paths: StatePaths, homeDir: string): AgentPlaces {
  const launchAgentsDir = join(homeDir, "Library", "LaunchAgents");
  return {
    launchAgentsDir,
    plist: join(launchAgentsDir, `${agentLabel}.plist`),
    launcher: join(paths.binDir, "photolala"),
    bundle: join(paths.binDir, "helper.mjs"),
    compileCache: join(paths.binDir, "compile-cache"),
    record: join(paths.binDir, "install.json"),
  };
}
