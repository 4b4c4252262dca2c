import type { Settings } from "../../helper/state/files/settings.ts";
import type { Status } from "../../helper/state/files/status.ts";
import type { Tone } from "../palette.ts";
import { isAllBackedUp } from "./all-backed-up.ts";
import { countOf, number } from "./count-of.ts";
import { reasonProblem } from "./problem.ts";
import { timeAgo, timeUntil } from "./time-ago.ts";

/** The one line that says how things are. */
export interface Headline {
  title: string;
  subtitle: string;
  tone: Tone;
}

export interface HeadlineSources {
  status?: Status;
  settings?: Settings;
  isAlive: boolean;
  /** Nothing starts the helper at login: when none runs, that is as the person wants it. */
  isOff?: boolean;
  /** Photos that are neither in the bucket nor on this Mac any more, and in no count of the status. */
  lostEverywhere?: number;
}

const noFolderChosen: Headline = {
  title: "No Folder Chosen",
  subtitle: "Choose folders with Back Up Folder.",
  tone: "off",
};

/** How the backup stands. Nothing a dead helper was doing is ever said to go on. */
export function headline(sources: HeadlineSources, nowMs: number): Headline {
  const { status, isAlive } = sources;
  if (!status || !isAlive) return withoutHelper(sources, nowMs);
  const { code, detail, nextTryAt } = status.health;
  if (code === "no-folders") return noFolderChosen;
  if (code !== "ok") {
    const { title, what } = reasonProblem(code, detail);
    const next = nextTryAt ? ` Next try ${timeUntil(nextTryAt, nowMs)}.` : "";
    return { title, subtitle: `${what}${next}`, tone: nextTryAt ? "waiting" : "attention" };
  }
  return working(sources, status, nowMs);
}

function withoutHelper({ status, settings, isOff = false }: HeadlineSources, nowMs: number): Headline {
  if (settings && settings.folders.length === 0) {
    return noFolderChosen;
  }
  const stopped = isOff
    ? ({ title: "Background Backup Is Off", tone: "off" } as const)
    : ({ title: "Helper Is Not Running", tone: "attention" } as const);
  if (!status) return { ...stopped, subtitle: isOff ? "It has not been on yet." : "It has not run yet." };
  const subtitle = status.lastBackup
    ? `Last whole backup ${timeAgo(status.lastBackup, nowMs)}; newer photos are not backed up.`
    : "No backup of all photos has been finished yet.";
  return { ...stopped, subtitle };
}

function working(sources: HeadlineSources, status: Status, nowMs: number): Headline {
  const { settings } = sources;
  const counted = countsWords(status, settings);
  switch (status.activity) {
    case "starting":
      return { title: "Starting", subtitle: "The helper has just been started.", tone: "busy" };
    case "scanning":
      return { title: "Looking for New Photos", subtitle: counted, tone: "busy" };
    case "uploading":
      return { title: "Backing Up", subtitle: toGoWords(status) ?? counted, tone: "busy" };
    case "waiting":
      return { title: "Waiting", subtitle: counted, tone: "waiting" };
    case "paused":
      return { title: "Paused", subtitle: "Nothing is uploaded until you resume.", tone: "waiting" };
    default:
      return idle(sources, status, nowMs);
  }
}

/** At the end of a run the catalogue is on its way, and no photo. */
function toGoWords({ queue }: Status): string | undefined {
  return queue.photos > 0 ? `${countOf(queue.photos, "photo")} to go` : undefined;
}

function idle({ settings, lostEverywhere = 0 }: HeadlineSources, status: Status, nowMs: number): Headline {
  const title = countsWords(status, settings);
  if (isAllBackedUp(status, settings) && status.lastBackup) {
    const ago = timeAgo(status.lastBackup, nowMs);
    if (lostEverywhere > 0) return { title, subtitle: `${ago}, but ${lostWords(lostEverywhere)}`, tone: "attention" };
    return { title, subtitle: ago, tone: "good" };
  }
  if (settings && settings.folders.length === 0) return withoutHelper({ settings, isAlive: false }, nowMs);
  const { failed, unreadableFolders, onDisk, waiting, deferred } = status.counts;
  const isTrouble = failed + unreadableFolders + (status.lost ?? 0) + lostEverywhere > 0;
  if (onDisk === 0 && !isTrouble && status.lastBackup) {
    return { title: "No Photos Found", subtitle: "The chosen folders hold none.", tone: "off" };
  }
  const isOpen = isTrouble || waiting + deferred > 0;
  const subtitle = isOpen ? openWords(status, lostEverywhere) : "Waiting for the next look at the folders.";
  return { title, subtitle, tone: isTrouble ? "attention" : "waiting" };
}

/** No scan of the folders counts them. */
export function lostWords(lostEverywhere: number): string {
  return `${countOf(lostEverywhere, "photo")} lost in the bucket and on this Mac`;
}

/** "All 48,212 photos backed up" only when that is known; else "48,200 of 48,212 photos backed up", once they were counted. */
export function countsWords(status: Status, settings?: Settings): string {
  const { backedUp, onDisk } = status.counts;
  if (isAllBackedUp(status, settings)) {
    return onDisk === 1 ? "The only photo is backed up" : `All ${number(onDisk)} photos backed up`;
  }
  if (isNeverCounted(status)) return "No photos counted yet";
  return `${number(backedUp)} of ${countOf(onDisk, "photo")} backed up`;
}

/** "0 of 0" would be said of folders that nobody has looked into. */
export function isNeverCounted({ counts, lastScan }: Status): boolean {
  return counts.onDisk === 0 && !lastScan;
}

/** What is not backed up, by kind: "1 photo failed, 2 folders could not be read". */
function openWords({ counts, lost = 0 }: Status, lostEverywhere: number): string {
  const { waiting, failed, deferred, unreadableFolders } = counts;
  const parts = [
    lostEverywhere > 0 && lostWords(lostEverywhere),
    lost > 0 && `${countOf(lost, "photo")} gone from the bucket`,
    failed > 0 && `${countOf(failed, "photo")} failed`,
    unreadableFolders > 0 && `${countOf(unreadableFolders, "folder")} could not be read`,
    waiting > 0 && `${countOf(waiting, "photo")} waiting`,
    deferred > 0 && `${countOf(deferred, "photo")} left for later`,
  ].filter((part) => part !== false);
  return parts.join(", ") || "Nothing failed";
}
