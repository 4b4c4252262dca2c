import { open, showToast, Toast } from "@raycast/api";
import { ensureHelperRunning } from "../../helper/control/ensure-helper-running.ts";
import { uninstallAgent } from "../../helper/control/uninstall-agent.ts";
import { statePaths } from "../../helper/state/state-paths.ts";
import { helperBundlePath } from "../helper-calls/helper-bundle-path.ts";
import { showProblem } from "./show-problem.ts";

const loginItemsPane = "x-apple.systempreferences:com.apple.LoginItems-Settings.extension";

/** Makes the helper run now and at every login, and says how that went. True when it runs. */
export async function turnBackgroundBackupOn({ quietly = false } = {}): Promise<boolean> {
  if (!quietly) await showToast({ style: Toast.Style.Animated, title: "Turning Background Backup On" });
  try {
    const state = await ensureHelperRunning({ helperBundlePath: helperBundlePath(), paths: statePaths() });
    if (state.loginItem === "off") {
      await showLoginItemOff();
      return false;
    }
    if (!quietly) await showToast({ style: Toast.Style.Success, title: "Background Backup Is On" });
    return true;
  } catch (error) {
    await showProblem(error);
    return false;
  }
}

/** Ends the helper and removes what starts it; what is backed up and what is known of it stays. */
export async function turnBackgroundBackupOff(): Promise<void> {
  await showToast({ style: Toast.Style.Animated, title: "Turning Background Backup Off" });
  try {
    await uninstallAgent({ paths: statePaths() });
    const message = "Nothing in the bucket is deleted; new photos are not backed up";
    await showToast({ style: Toast.Style.Success, title: "Background Backup Is Off", message });
  } catch (error) {
    await showProblem(error);
  }
}

async function showLoginItemOff(): Promise<void> {
  await showToast({
    style: Toast.Style.Failure,
    title: "Switched Off in System Settings",
    message: "Only you can switch it on again, under General > Login Items & Extensions",
    primaryAction: { title: "Open Login Items", onAction: () => void open(loginItemsPane) },
  });
}
