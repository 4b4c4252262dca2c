import { usePromise } from "@raycast/utils";
import { useMemo } from "react";
import { agentState, type AgentState } from "../../helper/control/agent-state.ts";
import { statePaths } from "../../helper/state/state-paths.ts";
import { helperBundlePath } from "../helper-calls/helper-bundle-path.ts";
import { problemOf, type Problem } from "../words/problem.ts";
import { useEvery } from "./use-overview.ts";

/** launchd is asked through other programs, so less often than files are read. */
const askEveryMs = 10_000;

export type AgentAnswer = { state: AgentState } | { problem: Problem };

/** What launchd and System Settings say of the background helper; undefined until the first answer. */
export function useAgentState(): { agent: AgentAnswer | undefined; refresh: () => Promise<unknown> } {
  const paths = useMemo(() => statePaths(), []);
  const { data, revalidate } = usePromise(
    (): Promise<AgentAnswer> =>
      agentState({ paths, helperBundlePath: helperBundlePath() }).then(
        (state) => ({ state }),
        (error: unknown) => ({ problem: problemOf(error) }),
      ),
    [],
  );
  useEvery(askEveryMs, revalidate);
  return { agent: data, refresh: revalidate };
}
