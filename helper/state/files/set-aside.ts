import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { translateStateError } from "../errors/translate-state-error.ts";

/**
 * Renames a file that cannot be read to `<path>.corrupt-<time>`, so that nothing of it is lost, and returns the new path.
 * The caller holds the lock that guards the file: otherwise it might rename what another process has just mended.
 */
export async function setAside(path: string, now: () => number = Date.now): Promise<string> {
  const setAsidePath = freeName(`${path}.corrupt-${new Date(now()).toISOString().replaceAll(":", "-")}`);
  try {
    await rename(path, setAsidePath);
  } catch (error) {
    throw translateStateError(error, path);
  }
  return setAsidePath;
}

function freeName(wanted: string): string {
  let name = wanted;
  for (let count = 2; existsSync(name); count++) name = `${wanted}-${count}`;
  return name;
}
