import { environment, LaunchType } from "@raycast/api";
import { useEffect, useState } from "react";
import { showProblem } from "../actions/show-problem.ts";
import { handOverCredentials } from "../helper-calls/hand-over-credentials.ts";

/**
 * At a command's start, hands over an access key that changed, and says so when that fails. True once that is settled,
 * either way. In the background nothing is shown: the helper's health tells of a missing key.
 */
export function useCredentialHandover(): boolean {
  const [isSettled, setIsSettled] = useState(false);
  useEffect(() => {
    handOverCredentials()
      .catch((error: unknown) => (environment.launchType === LaunchType.Background ? undefined : showProblem(error)))
      .finally(() => setIsSettled(true));
  }, []);
  return isSettled;
}
