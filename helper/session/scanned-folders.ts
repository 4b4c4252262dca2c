import type { ScannedFolder } from "../backup/candidate.ts";
import { chooseLabel } from "../backup/choose-label.ts";
import type { Settings } from "../state/files/settings.ts";

/** The chosen folders, as a run scans them. */
export function chosenFolders(settings: Settings): ScannedFolder[] {
  return settings.folders.map(({ path, label }) => ({ path, root: path, label }));
}

/**
 * A folder named for one run only. Inside a chosen folder it keeps that one's label and keys, so that nothing gets
 * a second key; elsewhere it has the label it had before, or a new one that the caller records.
 */
export function oneOffFolder(path: string, settings: Settings): ScannedFolder {
  const around = settings.folders.find((folder) => isInside(path, folder.path));
  if (around) return { path, root: around.path, label: around.label };
  return { path, root: path, label: chooseLabel(path, settings.labels) };
}

/** `inner` is `outer` or lies inside it. */
export function isInside(inner: string, outer: string): boolean {
  const base = outer.endsWith("/") ? outer : `${outer}/`;
  return inner === outer || inner.startsWith(base);
}

/** When the newest of the chosen folders was chosen, as ISO time. */
export function newestFolderAt(settings: Settings): string | undefined {
  return settings.folders.map((folder) => folder.addedAt).reduce((a, b) => (a > b ? a : b), "") || undefined;
}

/** Whether these folders hold every chosen one. */
export function coversAll(folders: ScannedFolder[], settings: Settings): boolean {
  return settings.folders.every((chosen) => folders.some((folder) => isInside(chosen.path, folder.path)));
}
