import { destinationId } from "../../helper/state/files/destination-id.ts";
import type { Settings } from "../../helper/state/files/settings.ts";
import type { Status } from "../../helper/state/files/status.ts";

/**
 * Whether "all photos backed up" is true as far as anyone can know: a whole backup was finished, no later scan found
 * something else, the counts agree, and it was of these folders and this destination. Anything unclear is a no.
 */
export function isAllBackedUp(status: Status, settings?: Settings): boolean {
  const { counts, health, heartbeatAt, lastBackup, lastScan } = status;
  // What was counted in folders that are no longer chosen.
  if (health.code === "no-folders") return false;
  // Photos that were found to be no longer in the bucket, and are not sent again yet.
  if ((status.lost ?? 0) > 0) return false;
  // A backup that ended after the helper last wrote: the clock was set back, and nothing is known of what came since.
  if (lastBackup && Date.parse(lastBackup) > Date.parse(heartbeatAt)) return false;
  if (!lastBackup || (lastScan && Date.parse(lastScan) > Date.parse(lastBackup))) return false;
  if (counts.onDisk === 0 || counts.backedUp !== counts.onDisk) return false;
  if (counts.waiting + counts.failed + counts.deferred + counts.unreadableFolders > 0) return false;
  if (status.folders.some((folder) => folder.state !== "ok")) return false;
  return settings === undefined || isOf(status, settings);
}

/** A folder that was just added, or a destination that was just changed, has not been looked at yet. */
function isOf(status: Status, settings: Settings): boolean {
  const counted = new Set(status.folders.map((folder) => folder.path));
  if (!settings.folders.every((folder) => counted.has(folder.path))) return false;
  if (!settings.destination || !status.destination) return false;
  return destinationId(settings.destination) === destinationId(status.destination);
}
