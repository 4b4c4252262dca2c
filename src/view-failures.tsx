import { List } from "@raycast/api";
import { usePromise } from "@raycast/utils";
import { useMemo } from "react";
import { statePaths } from "../helper/state/state-paths.ts";
import { ConflictRows } from "./components/conflict-rows.tsx";
import { CouldNotRead } from "./components/could-not-read.tsx";
import { FailureRows } from "./components/failure-rows.tsx";
import { NoFailures } from "./components/no-failures.tsx";
import { useConflicts, type ConflictsAnswer } from "./hooks/use-conflicts.ts";
import { useCredentialHandover } from "./hooks/use-credential-handover.ts";
import { refreshEveryMs, useEvery } from "./hooks/use-overview.ts";
import { readFailuresState, type FailuresState } from "./state/failures.ts";

export default function ViewFailures() {
  useCredentialHandover();
  const paths = useMemo(() => statePaths(), []);
  const { data, revalidate } = usePromise(readFailuresState, [paths]);
  useEvery(refreshEveryMs, revalidate);
  const conflicts = useConflicts();
  return (
    <List isLoading={!data} searchBarPlaceholder="Search photos, folders and reasons">
      {data && <Content state={data} hasConflicts={hasRows(conflicts.answer)} onRetry={revalidate} />}
      {data && data.kind !== "unreadable" && <ConflictRows answer={conflicts.answer} onRetry={conflicts.retry} />}
    </List>
  );
}

interface ContentProps {
  state: FailuresState;
  hasConflicts: boolean;
  onRetry: () => unknown;
}

function Content({ state, hasConflicts, onRetry }: ContentProps) {
  if (state.kind === "unreadable") return <CouldNotRead problem={state.problem} onRetry={onRetry} />;
  if (state.kind === "never-written") return <NoFailures isRow={hasConflicts} />;
  const { file, status, settings, isAlive } = state;
  const isEmpty = file.total === 0 && file.causes.length === 0 && file.photos.length === 0;
  if (isEmpty) return <NoFailures status={status} settings={settings} isAlive={isAlive} isRow={hasConflicts} />;
  return <FailureRows file={file} isAlive={isAlive} nowMs={Date.now()} />;
}

function hasRows(answer: ConflictsAnswer | undefined): boolean {
  return answer !== undefined && ("problem" in answer || answer.conflicts.conflictsTotal > 0);
}
