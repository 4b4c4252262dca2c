import { Action, ActionPanel, List, openExtensionPreferences } from "@raycast/api";
import { icons, toneIcons } from "../palette.ts";
import { problemWords, reasonOf, type Problem } from "../words/problem.ts";

interface CouldNotReadProps {
  problem: Problem;
  onRetry: () => unknown;
}

/** In place of a list that could not be read: never to be taken for an empty one. */
export function CouldNotRead({ problem, onRetry }: CouldNotReadProps) {
  const needsPreferences = reasonOf(problem.code)?.action === "open-preferences";
  return (
    <List.EmptyView
      icon={toneIcons.attention}
      title={problem.title}
      description={problemWords(problem)}
      actions={
        <ActionPanel>
          <Action title="Retry" icon={icons.retry} onAction={onRetry} />
          {needsPreferences && (
            <Action title="Open Preferences" icon={icons.preferences} onAction={openExtensionPreferences} />
          )}
          <Action.CopyToClipboard title="Copy Details" icon={icons.copy} content={JSON.stringify(problem, null, 2)} />
        </ActionPanel>
      }
    />
  );
}
