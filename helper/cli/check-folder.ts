import { constants } from "node:fs";
import { access, readdir, realpath, stat } from "node:fs/promises";
import { resolve } from "node:path";
import { isInside } from "../session/scanned-folders.ts";
import { UsageError } from "./usage-error.ts";

/**
 * A folder as the file system spells it, links resolved.
 * @throws UsageError when it does not exist, is no folder, is the whole disk, or cannot be read
 */
export async function checkFolder(given: string, cwd: string): Promise<string> {
  const path = await realpath(resolve(cwd, given)).catch(() => undefined);
  if (!path)
    throw new UsageError(
      `The folder ${given} does not exist.`,
      "Check its name; a disk may have to be connected first.",
    );
  if (!(await stat(path)).isDirectory())
    throw new UsageError(`${given} is not a folder.`, "Name the folder that holds it.");
  // On a Mac everything is there twice, through /System/Volumes/Data and /Volumes, and would get two keys.
  if (path === "/")
    throw new UsageError(
      "The whole disk cannot be chosen.",
      "Choose the folders that hold photos, such as ~/Pictures.",
    );
  try {
    await access(path, constants.R_OK | constants.X_OK);
    await readdir(path);
  } catch (error) {
    throw new UsageError(
      `The folder ${given} cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      "Check its permissions; on a Mac also Privacy & Security > Files and Folders.",
    );
  }
  return path;
}

/** @throws UsageError when a folder lies inside or around one already chosen: its photos would have two keys */
export function refuseOverlap(path: string, chosen: readonly string[]): void {
  for (const other of chosen) {
    if (path === other) continue;
    if (isInside(path, other)) {
      throw new UsageError(
        `The folder ${path} is inside ${other}, which is already chosen.`,
        "It is backed up already; choose another one.",
      );
    }
    if (isInside(other, path)) {
      throw new UsageError(`The folder ${path} is around ${other}, which is already chosen.`, `Remove ${other} first.`);
    }
  }
}
