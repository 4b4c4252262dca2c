import { showToast, Toast } from "@raycast/api";
import { writeRequest } from "../../helper/state/files/request-store.ts";
import type { HelperRequest } from "../../helper/state/files/request.ts";
import { isHelperAlive } from "../../helper/state/files/is-helper-alive.ts";
import { readStatus } from "../../helper/state/files/status-store.ts";
import { statePaths } from "../../helper/state/state-paths.ts";
import { showProblem } from "./show-problem.ts";
import { turnBackgroundBackupOn } from "./turn-background-backup.ts";
import { actionTitles } from "../words/action-titles.ts";

interface Request {
  kind: HelperRequest["kind"];
  paths?: string[];
}

/** Leaves a request for the helper and says whether anybody is there to take it. */
export async function askHelper(request: Request, title: string): Promise<void> {
  const paths = statePaths();
  try {
    await writeRequest(paths, request);
    const status = await readStatus(paths);
    if (status && isHelperAlive(status)) {
      await showToast({ style: Toast.Style.Success, title });
      return;
    }
    await showToast({
      style: Toast.Style.Failure,
      title: "Helper Is Not Running",
      message: "It is noted, and done once the helper runs",
      primaryAction: { title: actionTitles.turnOn, onAction: () => void turnBackgroundBackupOn() },
    });
  } catch (error) {
    await showProblem(error);
  }
}
