import type { Status } from "../../../helper/state/files/status.ts";
import { someDestination, someStatus } from "../../support/state/samples.ts";
import { minutesAgo, type UiWorld } from "./ui-world.ts";

export const noCounts = someStatus().counts;

/** One folder chosen, in the settings and on the disk. */
export function withFolder(world: UiWorld): string {
  const path = world.folder("Summer");
  const addedAt = "2026-01-01T00:00:00.000Z";
  world.settings({ destination: someDestination, folders: [{ path, label: "Summer", addedAt }] });
  return path;
}

/** What an idle helper says when everything in that folder is in the bucket. */
export function allBackedUp(path: string): Partial<Status> {
  return {
    destination: someDestination,
    counts: { ...noCounts, onDisk: 48_212, backedUp: 48_212 },
    lastScan: minutesAgo(4),
    lastBackup: minutesAgo(3),
    lastUpload: minutesAgo(90),
    folders: [{ path, label: "Summer", state: "ok", onDisk: 48_212, backedUp: 48_212 }],
  };
}
