import { List } from "@raycast/api";
import { usePromise } from "@raycast/utils";
import { useMemo } from "react";
import { statePaths } from "../helper/state/state-paths.ts";
import { CouldNotRead } from "./components/could-not-read.tsx";
import { FailureRows } from "./components/failure-rows.tsx";
import { NoFailures } from "./components/no-failures.tsx";
import { useCredentialHandover } from "./hooks/use-credential-handover.ts";
import { refreshEveryMs, useEvery } from "./hooks/use-overview.ts";
import { readFailuresState, type FailuresState } from "./state/failures.ts";

export default function ViewFailures() {
  useCredentialHandover();
  const paths = useMemo(() => statePaths(), []);
  const { data, revalidate } = usePromise(readFailuresState, [paths]);
  useEvery(refreshEveryMs, revalidate);
  return (
    <List isLoading={!data} searchBarPlaceholder="Search photos, folders and reasons">
      {data && <Content state={data} onRetry={revalidate} />}
    </List>
  );
}

function Content({ state, onRetry }: { state: FailuresState; onRetry: () => unknown }) {
  if (state.kind === "unreadable") return <CouldNotRead problem={state.problem} onRetry={onRetry} />;
  if (state.kind === "never-written") return <NoFailures />;
  const { file, status, settings, isAlive } = state;
  const isEmpty = file.total === 0 && file.causes.length === 0 && file.photos.length === 0;
  if (isEmpty) return <NoFailures status={status} settings={settings} isAlive={isAlive} />;
  return <FailureRows file={file} isAlive={isAlive} nowMs={Date.now()} />;
}
