import { usePromise } from "@raycast/utils";
import { readConflicts, type Conflicts } from "../helper-calls/read-conflicts.ts";
import { problemOf, type Problem } from "../words/problem.ts";

export type ConflictsAnswer = { conflicts: Conflicts } | { problem: Problem };

/** The resolved conflicts as they were when the view was opened; undefined until they are known. */
export function useConflicts(): { answer: ConflictsAnswer | undefined; retry: () => unknown } {
  const { data, revalidate } = usePromise(
    (): Promise<ConflictsAnswer> =>
      readConflicts().then(
        (conflicts) => ({ conflicts }),
        (error: unknown) => ({ problem: problemOf(error) }),
      ),
    [],
  );
  return { answer: data, retry: revalidate };
}
