import { rm } from "node:fs/promises";
import { BackupError } from "../state/errors/backup-error.ts";
import { agentHost } from "./agent-host.ts";
import { agentPlaces } from "./agent-places.ts";
import type { AgentOptions } from "./agent-state.ts";
import { findLaunchctl } from "./launchctl.ts";
import { untilGone } from "./until-gone.ts";

/**
 * Ends the background helper and removes what starts it: property list, launcher, bundle, what Node made of it, and record. State and
 * Keychain item stay. The files go first, so that a helper which removes itself this way, and is ended in the middle of
 * it, does not come back at the next login. Rejects with BackupError `agent-not-stopped` when launchd does not let go.
 */
export async function uninstallAgent(options: AgentOptions): Promise<void> {
  const host = agentHost(options);
  const places = agentPlaces(options.paths, host.homeDir);
  for (const path of [places.plist, places.launcher, places.bundle, places.record]) await rm(path, { force: true });
  await rm(places.compileCache, { recursive: true, force: true });

  const launchctl = findLaunchctl(host);
  if (!launchctl) return;
  try {
    await launchctl.bootout();
    if (!(await untilGone(launchctl, host))) throw new BackupError("agent-not-stopped");
  } catch (error) {
    // Without a GUI session there is nothing that could be loaded.
    if (!(error instanceof BackupError && error.code === "agent-unavailable")) throw error;
  }
}
