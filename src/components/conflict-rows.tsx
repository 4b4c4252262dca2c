import { Action, ActionPanel, List } from "@raycast/api";
import { basename, dirname } from "node:path";
import type { FailureList } from "../helper-calls/read-failure-list.ts";
import type { FailureListAnswer } from "../hooks/use-failure-list.ts";
import { icons, toneIcons } from "../palette.ts";
import { countOf, number } from "../words/count-of.ts";
import { problemWords } from "../words/problem.ts";

interface ConflictRowsProps {
  answer: FailureListAnswer | undefined;
  onRetry: () => unknown;
}

/** Nothing is lost there and nothing to do, so they stand behind what failed. */
export function ConflictRows({ answer, onRetry }: ConflictRowsProps) {
  if (!answer) return null;
  if ("problem" in answer) return <NotKnown problem={answer.problem} onRetry={onRetry} />;
  const { conflicts, conflictsTotal } = answer.list;
  if (conflictsTotal === 0) return null;
  const more = conflictsTotal - conflicts.length;
  return (
    <List.Section
      title={countOf(conflictsTotal, "Resolved Conflict")}
      subtitle="Something else had these names in the bucket. Both are kept, there is nothing to do."
    >
      {conflicts.map((conflict) => (
        <ConflictRow key={conflict.path} conflict={conflict} />
      ))}
      {more > 0 && (
        <List.Item
          icon={icons.more}
          title={`${number(more)} more`}
          subtitle="`failures --page` in a terminal lists them all."
        />
      )}
    </List.Section>
  );
}

function ConflictRow({ conflict }: { conflict: FailureList["conflicts"][number] }) {
  const { path, s3Key, conflictsWith } = conflict;
  return (
    <List.Item
      icon={toneIcons.good}
      title={basename(path)}
      subtitle={`is ${s3Key}, beside ${conflictsWith.join(", ")}`}
      keywords={[dirname(path), "conflict"]}
      accessories={[{ text: "both kept", tooltip: path }]}
      actions={
        <ActionPanel>
          <Action.ShowInFinder path={path} icon={icons.finder} />
          <Action.CopyToClipboard title="Copy Key" icon={icons.copy} content={s3Key} />
          <Action.CopyToClipboard title="Copy Details" icon={icons.copy} content={JSON.stringify(conflict, null, 2)} />
        </ActionPanel>
      }
    />
  );
}

function NotKnown({ problem, onRetry }: { problem: Parameters<typeof problemWords>[0]; onRetry: () => unknown }) {
  return (
    <List.Section title="Resolved Conflicts">
      <List.Item
        icon={toneIcons.waiting}
        title="Not Known"
        subtitle={`${problem.title}: ${problemWords(problem)}`}
        actions={
          <ActionPanel>
            <Action title="Retry" icon={icons.retry} onAction={onRetry} />
            <Action.CopyToClipboard title="Copy Details" icon={icons.copy} content={JSON.stringify(problem, null, 2)} />
          </ActionPanel>
        }
      />
    </List.Section>
  );
}
