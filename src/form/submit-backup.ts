import { showToast, Toast } from "@raycast/api";
import { z } from "zod";
import type { Destination } from "../../helper/state/files/destination.ts";
import type { Settings } from "../../helper/state/files/settings.ts";
import { writeRequest } from "../../helper/state/files/request-store.ts";
import { statePaths } from "../../helper/state/state-paths.ts";
import { showProblem } from "../actions/show-problem.ts";
import { turnBackgroundBackupOn } from "../actions/turn-background-backup.ts";
import { callHelper } from "../helper-calls/call-helper.ts";
import { handOverCredentials } from "../helper-calls/hand-over-credentials.ts";
import { HelperError } from "../helper-calls/helper-error.ts";
import { checkFolders } from "./check-folders.ts";
import { forgetChosenBucket } from "./chosen-bucket.ts";
import { isCurrentDestination } from "./consent-needed.ts";

interface BackupWish {
  settings: Settings;
  destination: Destination;
  folders: string[];
}

/** `fieldError` belongs beside the folders; after "refused" the person has been told. */
export type SubmitResult = { kind: "recorded" } | { kind: "refused"; fieldError?: string };

/**
 * Records what the person agreed to and sets the helper to work. The folders are looked at first and the destination is
 * recorded before them, so that no new folder ever goes to the bucket of before.
 */
export async function submitBackup({ settings, destination, folders }: BackupWish): Promise<SubmitResult> {
  const chosen = settings.folders.map((folder) => folder.path);
  const checked = await checkFolders(folders, chosen);
  if ("error" in checked) return { kind: "refused", fieldError: checked.error };
  await showToast({ style: Toast.Style.Animated, title: "Starting the Backup" });
  try {
    await recordDestination(settings, destination);
    await addFolders(checked.add);
    await forgetChosenBucket();
    await writeRequest(statePaths(), { kind: "back-up-now" });
  } catch (error) {
    await showProblem(error);
    return error instanceof FolderRefused ? { kind: "refused", fieldError: error.message } : { kind: "refused" };
  }
  await startHelper();
  return { kind: "recorded" };
}

async function recordDestination(settings: Settings, destination: Destination): Promise<void> {
  if (isCurrentDestination(settings, destination)) return;
  const { bucket, prefix, region, endpoint = "", storageClass = "STANDARD" } = destination;
  const place = [`--bucket=${bucket}`, `--prefix=${prefix}`, `--region=${region}`, `--endpoint=${endpoint}`];
  // What isn't given stays as it was, so going back to Standard must be said too.
  const isClassChosen = storageClass !== (settings.destination?.storageClass ?? "STANDARD");
  await callHelper({
    args: ["consent", ...place, ...(isClassChosen ? [`--storage-class=${storageClass}`] : [])],
    answer: z.object({ destination: z.object({ bucket: z.string() }) }),
  });
}

class FolderRefused extends HelperError {}

async function addFolders(paths: string[]): Promise<void> {
  if (paths.length === 0) return;
  try {
    await callHelper({ args: ["folders", "add", ...paths], answer: z.object({ folders: z.array(z.unknown()) }) });
  } catch (error) {
    if (error instanceof HelperError && error.problem.code === "usage") throw new FolderRefused(error.problem);
    throw error;
  }
}

/** What is recorded stays so when the helper can't start: Show Status tells, and turns it on later. */
async function startHelper(): Promise<void> {
  const isHandedOver = await handOverCredentials().then(
    () => true,
    async (error: unknown) => {
      await showProblem(error);
      return false;
    },
  );
  const isRunning = await turnBackgroundBackupOn({ quietly: true });
  if (isRunning && isHandedOver) {
    const message = "It goes on in the background, also while Raycast is closed.";
    await showToast({ style: Toast.Style.Success, title: "Backup Started", message });
  }
}
