import type { AgentHost } from "./agent-host.ts";
import type { Launchctl } from "./launchctl.ts";

const startTimeoutMs = 5_000;
const pollMs = 100;

/**
 * Starts a loaded job that does not run, since RunAtLoad can stall, and waits a moment until it does. A job that ends
 * at once by itself is no error: its state says so.
 */
export async function startAgent(launchctl: Launchctl, host: AgentHost): Promise<void> {
  if ((await launchctl.print())?.running) return;
  await launchctl.kickstart();
  const giveUpAt = host.now() + startTimeoutMs;
  while (!(await launchctl.print())?.running && host.now() < giveUpAt) await host.sleep(pollMs);
}
