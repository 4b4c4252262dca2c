import { openExtensionPreferences, type Toast } from "@raycast/api";
import { showFailureToast } from "@raycast/utils";
import { problemOf, problemWords, reasonOf } from "../words/problem.ts";

/** A failure toast in the words of the reason table, with the step that mends it where it is one click. */
export async function showProblem(error: unknown, primaryAction?: Toast.ActionOptions): Promise<void> {
  const problem = problemOf(error);
  const action = primaryAction ?? mendingAction(problem.code);
  await showFailureToast(error, {
    title: problem.title,
    message: problemWords(problem),
    ...(action && { primaryAction: action }),
  });
}

function mendingAction(code: string): Toast.ActionOptions | undefined {
  if (reasonOf(code)?.action !== "open-preferences") return undefined;
  return { title: "Open Preferences", onAction: () => void openExtensionPreferences() };
}
