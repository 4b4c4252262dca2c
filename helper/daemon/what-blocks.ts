import { hasConsent } from "../session/has-consent.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { Settings } from "../state/files/settings.ts";

/** Why nothing may be backed up with these settings; undefined when it may. */
export function whatBlocks(settings: Settings): BackupError | undefined {
  if (!settings.destination) return new BackupError("no-destination");
  if (!hasConsent(settings, settings.destination)) {
    return new BackupError("no-consent", { detail: settings.destination.bucket });
  }
  if (settings.folders.length === 0) return new BackupError("no-folders");
  return undefined;
}
