import type { AgentHost } from "./agent-host.ts";
import type { Launchctl } from "./launchctl.ts";

/** The property list's ExitTimeOut, and ten seconds more. */
const drainTimeoutMs = 40_000;
const pollMs = 100;

/**
 * Waits until launchd has let go of the job, which it goes on ending after bootout has answered, and refuses to load
 * anew until then. False when it still has it after all that time.
 */
export async function untilGone(launchctl: Launchctl, host: AgentHost): Promise<boolean> {
  const giveUpAt = host.now() + drainTimeoutMs;
  while (await launchctl.print()) {
    if (host.now() >= giveUpAt) return false;
    await host.sleep(pollMs);
  }
  return true;
}
