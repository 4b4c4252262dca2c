import { Action, ActionPanel, Keyboard } from "@raycast/api";
import type { ReasonAction } from "../../helper/state/errors/reason.ts";
import type { StatePaths } from "../../helper/state/state-paths.ts";
import { openCommand } from "../actions/open-command.ts";
import { removeFolder } from "../actions/remove-folder.ts";
import type { AgentAnswer } from "../hooks/use-agent-state.ts";
import { icons } from "../palette.ts";
import type { Overview } from "../state/overview.ts";
import { BackUpFolderForm } from "./back-up-folder-form.tsx";
import { MendingAction } from "./mending-action.tsx";
import { RunActions } from "./run-actions.tsx";
import { actionTitles } from "../words/action-titles.ts";
import { reasonOf } from "../words/problem.ts";

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
  const first = overview && firstStep(overview);
  const isNew = first === "choose";
  return (
    <ActionPanel>
      <ActionPanel.Section>
        {isNew && <Action.Push title={actionTitles.backUpFolder} icon={icons.backUp} target={<BackUpFolderForm />} />}
        {first === "failures" && <ViewFailures />}
        {first && first !== "choose" && first !== "failures" && <MendingAction action={first} />}
        <RunActions overview={overview} agent={agent} then={then} />
      </ActionPanel.Section>
      <ActionPanel.Section title="Folders">
        {!isNew && (
          <Action.Push title={actionTitles.backUpAnotherFolder} icon={icons.folder} target={<BackUpFolderForm />} />
        )}
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
        {first !== "failures" && <ViewFailures />}
        <Action.Open title="Open State Folder" icon={icons.folder} target={paths.stateDir} />
        <Action.Open title="Open Logs" icon={icons.logs} target={paths.logDir} />
      </ActionPanel.Section>
    </ActionPanel>
  );
}

function ViewFailures() {
  return <Action title="View Failures" icon={icons.failures} onAction={() => openCommand("view-failures")} />;
}

/** What Enter does on any row: the step that mends what is wrong; undefined where nothing is but to run. */
function firstStep({
  settings,
  status,
  lostEverywhere,
  isAlive,
}: Overview): "choose" | "failures" | ReasonAction | undefined {
  if (settings && (settings.folders.length === 0 || !settings.destination)) return "choose";
  if (!status || !isAlive) return undefined;
  if (status.health.code !== "ok") return reasonOf(status.health.code)?.action;
  return status.counts.failed + status.counts.unreadableFolders + lostEverywhere > 0 ? "failures" : undefined;
}
