import type { Command } from "commander";
import { agentState, type AgentState } from "../control/agent-state.ts";
import { installAgent } from "../control/install-agent.ts";
import { uninstallAgent } from "../control/uninstall-agent.ts";
import { ensureStateDirs } from "../state/files/ensure-state-dirs.ts";
import type { CliContext } from "./cli-context.ts";
import { report, type CommandResult } from "./report.ts";

export function addAgentCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  const agent = program.command("agent").description("the background helper that launchd runs at login");
  add("install", "install or upgrade it, and start it", install);
  add("uninstall", "stop it and remove everything launchd knows of it; your settings and the ledger stay", uninstall);
  add("status", "say whether it is installed and runs", async () =>
    resultOf(await agentState({ paths: context.paths })),
  );

  function add(name: string, description: string, work: () => Promise<CommandResult>): void {
    agent
      .command(name)
      .description(description)
      .option("--json", "print one JSON object instead of words")
      .action(async (options: { json?: boolean }) => exit(await report(context, options, work)));
  }

  async function install(): Promise<CommandResult> {
    await ensureStateDirs(context.paths);
    return resultOf(await installAgent({ helperBundlePath: context.bundlePath, paths: context.paths }));
  }

  async function uninstall(): Promise<CommandResult> {
    await uninstallAgent({ paths: context.paths });
    return resultOf(await agentState({ paths: context.paths }));
  }
}

function resultOf(state: AgentState): CommandResult {
  return { json: state, words: agentWords(state) };
}

function agentWords(state: AgentState): string {
  if (!state.available) return "There is no launchd here: background backup needs macOS. `backup` works everywhere.";
  if (!state.installed) return "Background backup is off.";
  if (state.loginItem === "off") {
    return "Background backup is installed, but switched off under System Settings > General > Login Items.";
  }
  if (!state.running)
    return `Background backup is installed but does not run${state.lastExit ? ` (last exit: ${state.lastExit})` : ""}.`;
  return `Background backup is on (pid ${state.pid}).`;
}
