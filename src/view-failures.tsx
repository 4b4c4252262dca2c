import { List } from "@raycast/api";
import { usePromise } from "@raycast/utils";
import { useMemo } from "react";
import type { FailuresFile } from "../helper/state/files/failures.ts";
import { statePaths } from "../helper/state/state-paths.ts";
import { ConflictRows } from "./components/conflict-rows.tsx";
import { CouldNotRead } from "./components/could-not-read.tsx";
import { FailureRows } from "./components/failure-rows.tsx";
import { NoFailures } from "./components/no-failures.tsx";
import { useCredentialHandover } from "./hooks/use-credential-handover.ts";
import { rowsMost, useFailureList, type FailureListAnswer } from "./hooks/use-failure-list.ts";
import { refreshEveryMs, useEvery } from "./hooks/use-overview.ts";
import { readFailuresState, type FailuresState } from "./state/failures.ts";

export default function ViewFailures() {
  useCredentialHandover();
  const paths = useMemo(() => statePaths(), []);
  const { data, revalidate } = usePromise(readFailuresState, [paths]);
  useEvery(refreshEveryMs, revalidate);
  const { answer, most, askForMore, askForMost, retry } = useFailureList(changesOf(data));
  const hasMore = most < rowsMost && most < rowsOf(data, answer);
  return (
    <List
      isLoading={!data}
      pagination={{ pageSize: 100, hasMore, onLoadMore: askForMore }}
      // Raycast looks through the rows it was given only, and "No Results" must be true.
      filtering
      onSearchTextChange={(text) => text !== "" && hasMore && askForMost()}
      searchBarPlaceholder="Search photos, folders and reasons"
    >
      {data && <Content state={data} answer={answer} onRetry={revalidate} />}
      {data && data.kind !== "unreadable" && <ConflictRows answer={answer} onRetry={retry} />}
    </List>
  );
}

interface ContentProps {
  state: FailuresState;
  answer: FailureListAnswer | undefined;
  onRetry: () => unknown;
}

function Content({ state, answer, onRetry }: ContentProps) {
  const hasConflicts = answer !== undefined && ("problem" in answer || answer.list.conflictsTotal > 0);
  if (state.kind === "unreadable") return <CouldNotRead problem={state.problem} onRetry={onRetry} />;
  if (state.kind === "never-written") return <NoFailures isRow={hasConflicts} />;
  const { file, status, settings, isAlive } = state;
  const isEmpty = file.total === 0 && file.causes.length === 0 && file.photos.length === 0;
  if (isEmpty) return <NoFailures status={status} settings={settings} isAlive={isAlive} isRow={hasConflicts} />;
  return <FailureRows file={file} others={othersOf(file, answer)} isAlive={isAlive} nowMs={Date.now()} />;
}

/** A photo that has been backed up since is in neither; what the file lists itself is newer than the answer. */
function othersOf(file: FailuresFile, answer: FailureListAnswer | undefined) {
  if (!answer || "problem" in answer || file.total <= file.photos.length) return [];
  const listed = new Set(file.photos.map(({ path }) => path));
  const others = answer.list.photos.filter(({ path }) => !listed.has(path));
  return others.slice(0, file.total - file.photos.length);
}

/** Rows there are of the longer kind. */
function rowsOf(state: FailuresState | undefined, answer: FailureListAnswer | undefined): number {
  const photos = state?.kind === "read" && state.file.total > state.file.photos.length ? state.file.total : 0;
  const conflicts = answer && "list" in answer ? answer.list.conflictsTotal : 0;
  return Math.max(photos, conflicts);
}

/** Conflicts come about where something is uploaded or found in the bucket. */
function changesOf(state: FailuresState | undefined): string {
  if (state?.kind !== "read") return "";
  const { file, status } = state;
  return [file.total, status?.lastUpload, status?.counts.backedUp].join(" ");
}
