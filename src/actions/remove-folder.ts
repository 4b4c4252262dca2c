import { Alert, confirmAlert, showToast, Toast } from "@raycast/api";
import { basename } from "node:path";
import { z } from "zod";
import { callHelper } from "../helper-calls/call-helper.ts";
import { showProblem } from "./show-problem.ts";

/** Asks, then takes a folder out of the backup. Nothing in the bucket or on the disk is touched. */
export async function removeFolder(path: string): Promise<void> {
  const isSure = await confirmAlert({
    title: `Stop Backing Up "${basename(path)}"?`,
    message: "Nothing in the bucket is deleted, and nothing on this Mac. New photos in it are no longer backed up.",
    primaryAction: { title: "Remove Folder", style: Alert.ActionStyle.Destructive },
  });
  if (!isSure) return;
  try {
    await callHelper({ args: ["folders", "remove", path], answer: z.object({ folders: z.array(z.unknown()) }) });
    await showToast({
      style: Toast.Style.Success,
      title: "Folder Removed",
      message: "Its backup stays in the bucket",
    });
  } catch (error) {
    await showProblem(error);
  }
}
