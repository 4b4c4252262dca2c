import type { AgentHost } from "./agent-host.ts";
import type { Launchctl } from "./launchctl.ts";
import { untilGone } from "./until-gone.ts";

const bootstrapDelaysMs = [250, 500, 1_000, 2_000, 4_000, 4_000, 4_000];

/**
 * Takes the job out of launchd, waits until it is gone, and gives launchd the property list anew. True when it is
 * loaded, false when launchd went on refusing.
 */
export async function reloadAgent(launchctl: Launchctl, plistPath: string, host: AgentHost): Promise<boolean> {
  await launchctl.bootout();
  await untilGone(launchctl, host);
  // A service disabled once by hand stays disabled across restarts, and could not be loaded.
  await launchctl.enable();
  for (const delayMs of bootstrapDelaysMs) {
    if ((await launchctl.bootstrap(plistPath)) === "loaded") return true;
    // Another command may have loaded the same files just now.
    if (await launchctl.print()) return true;
    await host.sleep(delayMs);
  }
  return (await launchctl.bootstrap(plistPath)) === "loaded";
}
