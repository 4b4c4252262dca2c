import { basename } from "node:path";
import { BackupError } from "../errors/backup-error.ts";
import { withStateLock } from "../lock/with-state-lock.ts";
import type { StatePaths } from "../state-paths.ts";
import { appendAudit } from "./audit.ts";
import { readStateFile } from "./read-state-file.ts";
import { emptySettings, settingsSchema, type Settings } from "./settings.ts";
import { writeFileAtomic } from "./write-file-atomic.ts";

/**
 * What the person asked for; `emptySettings` where nothing was written yet. Broken settings are set aside and throw
 * "settings-broken" with the name they have now, so they are never taken for "nothing chosen" unseen. Throws
 * "newer-schema" for settings of a newer version.
 */
export async function readSettings(paths: StatePaths): Promise<Settings> {
  const found = await readStateFile(paths.settings, settingsSchema, { version: 1, setAside: false });
  if (found.kind === "read") return found.value;
  if (found.kind === "absent") return structuredClone(emptySettings);
  // Only under the lock: between our look and our rename someone else may have put whole settings there.
  return withStateLock(paths, () => readUnderLock(paths));
}

/** Whether `readSettings` would find the settings broken; nothing is set aside. False for those of a newer version. */
export async function areSettingsBroken(paths: StatePaths): Promise<boolean> {
  try {
    const found = await readStateFile(paths.settings, settingsSchema, { version: 1, setAside: false });
    return found.kind === "unreadable";
  } catch (error) {
    if (error instanceof BackupError && error.code === "newer-schema") return false;
    throw error;
  }
}

/**
 * Reads, changes and writes the settings under `state.lock`, so that no other writer's change is lost, and returns what
 * was written. `change` must not alter what it is given. When it returns that same object, nothing is written. Throws as
 * `readSettings` does, "disk-full" or "state-unwritable".
 */
export async function updateSettings(paths: StatePaths, change: (settings: Settings) => Settings): Promise<Settings> {
  return withStateLock(paths, async (verify) => {
    const before = await readUnderLock(paths);
    const changed = change(before);
    if (changed === before) return before;
    const after = settingsSchema.parse(changed);
    verify();
    await writeFileAtomic(paths.settings, JSON.stringify(after, null, 2) + "\n");
    await appendAudit(paths, { action: "settings-changed", changed: changedNames(before, after) });
    return after;
  });
}

async function readUnderLock(paths: StatePaths): Promise<Settings> {
  const found = await readStateFile(paths.settings, settingsSchema, { version: 1 });
  if (found.kind === "read") return found.value;
  if (found.kind === "absent") return structuredClone(emptySettings);
  throw new BackupError("settings-broken", { detail: `set aside as ${basename(found.setAsidePath)}` });
}

function changedNames(before: Settings, after: Settings): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}
