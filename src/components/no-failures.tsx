import { Action, ActionPanel, List } from "@raycast/api";
import type { Settings } from "../../helper/state/files/settings.ts";
import type { Status } from "../../helper/state/files/status.ts";
import { openCommand } from "../actions/open-command.ts";
import { icons, toneIcons } from "../palette.ts";
import { countsWords, headline, type Headline } from "../words/headline.ts";
import { actionTitles } from "../words/action-titles.ts";

interface NoFailuresProps {
  status?: Status | undefined;
  settings?: Settings | undefined;
  isAlive?: boolean;
  /** Where other rows follow, it is one too: in Raycast an empty view stands alone. */
  isRow?: boolean;
}

/** Nothing failed, which is not the same as everything being backed up: the words tell which it is. */
export function NoFailures({ status, settings, isAlive = false, isRow = false }: NoFailuresProps) {
  const hasRun = status !== undefined;
  const shown = status && headline({ status, isAlive, ...(settings && { settings }) }, Date.now());
  // Nothing failed while the service does not answer, and that is not good yet.
  const icon = toneIcons[shown && isAlive ? shown.tone : "off"];
  const title = hasRun ? "No Failures" : "No Backup Yet";
  const description = words({ status, settings, isAlive, shown });
  const actions = (
    <ActionPanel>
      <Action title="Show Status" icon={icons.status} onAction={() => openCommand("show-status")} />
      <Action title={actionTitles.backUpFolder} icon={icons.backUp} onAction={() => openCommand("back-up-folder")} />
    </ActionPanel>
  );
  if (isRow) return <List.Item icon={icon} title={title} subtitle={description} actions={actions} />;
  return <List.EmptyView icon={icon} title={title} description={description} actions={actions} />;
}

function words({ status, settings, isAlive, shown }: NoFailuresProps & { shown: Headline | undefined }): string {
  if (!status || !shown)
    return "The helper has not run yet, so nothing could fail. Choose folders with Back Up Folder.";
  if (isAlive && status.health.code === "ok") return `${countsWords(status, settings)}.`;
  return `Nothing failed as far as is known. ${shown.title}: ${shown.subtitle}`;
}
