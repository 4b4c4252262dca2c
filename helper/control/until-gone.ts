import type { AgentHost } from "./agent-host.ts";
import type { Launchctl } from "./launchctl.ts";

/** The property list's ExitTimeOut, and ten seconds more. */
const drainTimeoutMs = 40_000;
const pollMs = 100;

/** Waits until launchd has let go of the job. It goes on ending the job after bootout has answered; a bootstrap before that is refused. */
export async function untilGone(launchctl: Launchctl, host: AgentHost): Promise<void> {
  const giveUpAt = host.now() + drainTimeoutMs;
  while ((await launchctl.print()) && host.now() < giveUpAt) await host.sleep(pollMs);
}
