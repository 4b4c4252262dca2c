import { Action, ActionPanel, Keyboard } from "@raycast/api";
import type { StatePaths } from "../../helper/state/state-paths.ts";
import { askHelper } from "../actions/ask-helper.ts";
import { openCommand } from "../actions/open-command.ts";
import { removeFolder } from "../actions/remove-folder.ts";
import { setPaused } from "../actions/set-paused.ts";
import { turnBackgroundBackupOff, turnBackgroundBackupOn } from "../actions/turn-background-backup.ts";
import type { AgentAnswer } from "../hooks/use-agent-state.ts";
import { icons } from "../palette.ts";
import type { Overview } from "../state/overview.ts";
import { BackUpFolderForm } from "./back-up-folder-form.tsx";
import { actionTitles } from "../words/action-titles.ts";

interface StatusActionsProps {
  overview: Overview | undefined;
  agent: AgentAnswer | undefined;
  paths: StatePaths;
  afterAction: () => void;
  /** The row's own folder. */
  folder?: string;
}

/** What can be done about the backup as a whole, and about the row's folder. */
export function StatusActions({ overview, agent, paths, afterAction, folder }: StatusActionsProps) {
  const then = (work: () => Promise<void>) => () => void work().then(afterAction);
  return (
    <ActionPanel>
      <ActionPanel.Section>
        <RunActions overview={overview} agent={agent} then={then} />
      </ActionPanel.Section>
      <ActionPanel.Section title="Folders">
        <Action.Push title={actionTitles.backUpAnotherFolder} icon={icons.folder} target={<BackUpFolderForm />} />
        {folder && <Action.ShowInFinder path={folder} icon={icons.finder} />}
        {folder && (
          <Action
            title="Remove Folder"
            icon={icons.remove}
            style={Action.Style.Destructive}
            shortcut={Keyboard.Shortcut.Common.Remove}
            onAction={then(() => removeFolder(folder))}
          />
        )}
      </ActionPanel.Section>
      <ActionPanel.Section>
        <Action title="View Failures" icon={icons.failures} onAction={() => openCommand("view-failures")} />
        <Action.Open title="Open State Folder" icon={icons.folder} target={paths.stateDir} />
        <Action.Open title="Open Logs" icon={icons.logs} target={paths.logDir} />
      </ActionPanel.Section>
    </ActionPanel>
  );
}

interface RunActionsProps {
  overview: Overview | undefined;
  agent: AgentAnswer | undefined;
  then: (work: () => Promise<void>) => () => void;
}

function RunActions({ overview, agent, then }: RunActionsProps) {
  const isOn = agent && "state" in agent && agent.state.installed;
  const turnOn = (
    <Action
      key="on"
      title={actionTitles.turnOn}
      icon={icons.turnOn}
      onAction={then(async () => void (await turnBackgroundBackupOn()))}
    />
  );
  const turnOff = (
    <Action key="off" title={actionTitles.turnOff} icon={icons.turnOff} onAction={then(turnBackgroundBackupOff)} />
  );
  const isPaused = overview?.settings?.paused;
  return (
    <>
      {overview && !overview.isAlive && turnOn}
      {isPaused ? (
        <Action title="Resume" icon={icons.resume} onAction={then(() => setPaused(false))} />
      ) : (
        <Action title="Pause" icon={icons.pause} onAction={then(() => setPaused(true))} />
      )}
      <Action
        title={actionTitles.backUpNow}
        icon={icons.backUp}
        onAction={then(() => askHelper({ kind: "back-up-now" }, "Looking for New Photos"))}
      />
      {isOn ? turnOff : overview?.isAlive && turnOn}
    </>
  );
}
