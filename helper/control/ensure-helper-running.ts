import { agentState, type AgentState } from "./agent-state.ts";
import { installAgent, type InstallAgent } from "./install-agent.ts";

/**
 * Makes sure that the background helper runs from the extension's own bundle: nothing where it does, an install, an
 * upgrade or a start where it doesn't. Rejects as installAgent does.
 */
export async function ensureHelperRunning(options: InstallAgent): Promise<AgentState> {
  const state = await agentState(options);
  if (state.running && state.installed && state.upToDate) return state;
  return installAgent(options);
}
