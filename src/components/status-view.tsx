import { List } from "@raycast/api";
import { useAgentState } from "../hooks/use-agent-state.ts";
import { useOverview } from "../hooks/use-overview.ts";
import type { Overview } from "../state/overview.ts";
import { headline } from "../words/headline.ts";
import { FolderRows } from "./folder-rows.tsx";
import { HelperRows } from "./helper-rows.tsx";
import { NowRows } from "./now-rows.tsx";
import { PhotoRows } from "./photo-rows.tsx";
import { StatusActions } from "./status-actions.tsx";
import { TimeRows } from "./time-rows.tsx";

/** How the backup stands, live. */
export function StatusView() {
  const { paths, overview, refresh } = useOverview();
  const { agent, refresh: refreshAgent } = useAgentState();
  const nowMs = Date.now();
  const shown = overview && headline(overview, nowMs);
  const afterAction = async () => {
    await refreshAgent();
    refresh();
  };
  const actions = (
    <StatusActions overview={overview} agent={agent} paths={paths} afterAction={() => void afterAction()} />
  );
  return (
    <List isLoading={!overview} searchBarPlaceholder="Search status and folders">
      {overview && shown && (
        <>
          <NowRows overview={overview} shown={shown} nowMs={nowMs} actions={actions} />
          {overview.status && hasFolders(overview) && (
            <PhotoRows
              status={overview.status}
              settings={overview.settings}
              lostEverywhere={overview.lostEverywhere}
              isAlive={overview.isAlive}
              shown={shown}
              actions={actions}
            />
          )}
          {overview.status && (
            <TimeRows status={overview.status} verification={overview.verification} nowMs={nowMs} actions={actions} />
          )}
          <FolderRows overview={overview} agent={agent} paths={paths} afterAction={() => void afterAction()} />
          <HelperRows overview={overview} agent={agent} shown={shown} nowMs={nowMs} actions={actions} />
        </>
      )}
    </List>
  );
}

/** Whether the counts are of anything: of chosen folders, or of one that a backup on the command line was given. */
function hasFolders({ settings, status, isAlive }: Overview): boolean {
  if (isAlive && status?.mode === "cli") return true;
  return settings?.folders.length !== 0;
}
