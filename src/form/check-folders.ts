import { constants } from "node:fs";
import { access, readdir, realpath, stat } from "node:fs/promises";
import { sep } from "node:path";

/** Folders that can be added, links resolved and those already chosen left out; or why one of them can't be. */
export type CheckedFolders = { add: string[] } | { error: string };

/**
 * Looks at folders before anything is recorded, so that a consent is never followed by a refused folder. The helper
 * checks them again and has the last word.
 */
export async function checkFolders(
  given: readonly string[],
  chosen: readonly string[],
  readFolder: (path: string) => Promise<unknown> = readdir,
): Promise<CheckedFolders> {
  const add: string[] = [];
  for (const folder of given) {
    const path = await realpath(folder).catch(() => undefined);
    if (!path) return { error: `${folder} does not exist` };
    const error = (await readingError(path, readFolder)) ?? overlapError(path, [...chosen, ...add]);
    if (error) return { error };
    if (![...chosen, ...add].includes(path)) add.push(path);
  }
  return { add };
}

async function readingError(path: string, readFolder: (path: string) => Promise<unknown>): Promise<string | undefined> {
  try {
    if (!(await stat(path)).isDirectory()) return `${path} is not a folder`;
    await access(path, constants.R_OK | constants.X_OK);
    await readFolder(path);
    return undefined;
  } catch {
    return `${path} cannot be read: check its permissions`;
  }
}

function overlapError(path: string, others: readonly string[]): string | undefined {
  const around = others.find((other) => isInside(path, other));
  if (around) return `${path} is inside ${around}, which is already chosen`;
  const within = others.find((other) => isInside(other, path));
  return within && `${path} is around ${within}, which is already chosen`;
}

function isInside(inner: string, outer: string): boolean {
  return inner.startsWith(outer.endsWith(sep) ? outer : outer + sep);
}
