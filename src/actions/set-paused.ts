import { showToast, Toast } from "@raycast/api";
import { updateSettings } from "../../helper/state/files/settings-store.ts";
import { statePaths } from "../../helper/state/state-paths.ts";
import { showProblem } from "./show-problem.ts";

/** Writes to the settings whether uploads are paused; the helper watches them. */
export async function setPaused(paused: boolean): Promise<void> {
  try {
    await updateSettings(statePaths(), (settings) => (settings.paused === paused ? settings : { ...settings, paused }));
    await showToast({ style: Toast.Style.Success, title: paused ? "Backup Paused" : "Backup Resumed" });
  } catch (error) {
    await showProblem(error);
  }
}
