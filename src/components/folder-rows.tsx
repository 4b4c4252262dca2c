import { List } from "@raycast/api";
import { basename } from "node:path";
import type { StatePaths } from "../../helper/state/state-paths.ts";
import type { AgentAnswer } from "../hooks/use-agent-state.ts";
import { icons, toneIcons } from "../palette.ts";
import type { Overview } from "../state/overview.ts";
import { countOf, number } from "../words/count-of.ts";
import { reasonProblem } from "../words/problem.ts";
import { StatusActions } from "./status-actions.tsx";

interface FolderRowsProps {
  overview: Overview;
  agent: AgentAnswer | undefined;
  paths: StatePaths;
  afterAction: () => void;
}

/** The chosen folders, as the settings have them, each with what the helper last saw there. */
export function FolderRows({ overview, agent, paths, afterAction }: FolderRowsProps) {
  const seen = new Map(overview.status?.folders.map((folder) => [folder.path, folder]));
  return (
    <List.Section title="Folders">
      {overview.settings?.folders.map(({ path }) => {
        const folder = seen.get(path);
        const trouble = folder && folder.state !== "ok" ? reasonProblem(folder.state) : undefined;
        return (
          <List.Item
            key={path}
            icon={trouble ? toneIcons.attention : icons.folder}
            title={basename(path)}
            subtitle={trouble ? `${trouble.what} ${trouble.mend}` : path}
            accessories={[{ text: trouble?.title ?? countWords(folder) }]}
            actions={
              <StatusActions overview={overview} agent={agent} paths={paths} afterAction={afterAction} folder={path} />
            }
          />
        );
      })}
    </List.Section>
  );
}

function countWords(folder: { onDisk: number; backedUp: number } | undefined): string {
  if (!folder) return "not looked at yet";
  return `${number(folder.backedUp)} of ${countOf(folder.onDisk, "photo")}`;
}
