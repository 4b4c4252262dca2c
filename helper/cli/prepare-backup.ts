import { resolve } from "node:path";
import { chosenFolders, coversAll, isInside, newestFolderAt, oneOffFolder } from "../session/scanned-folders.ts";
import { hasConsent } from "../session/has-consent.ts";
import type { ScannedFolder } from "../backup/candidate.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { Destination } from "../state/files/destination.ts";
import { readSettings, updateSettings } from "../state/files/settings-store.ts";
import type { Settings } from "../state/files/settings.ts";
import { checkFolder, refuseOverlap } from "./check-folder.ts";
import type { CliContext } from "./cli-context.ts";
import { grantConsent } from "./grant-consent.ts";
import { allowsInsecureHttp, resolveDestination, type DestinationOptions } from "./resolve-destination.ts";
import { UsageError } from "./usage-error.ts";

/** What a run from the command line backs up, and where to. */
export interface PreparedBackup {
  destination: Destination;
  allowInsecureHttp: boolean;
  folders: ScannedFolder[];
  coversEverything: boolean;
  /** The person named folders for this run. */
  isOfNamed: boolean;
  newestFolderAt: string | undefined;
}

interface PrepareOptions extends DestinationOptions {
  consent?: boolean;
}

/** @throws UsageError for folders that cannot be backed up, BackupError without consent or a destination */
export async function prepareBackup(
  given: string[],
  options: PrepareOptions,
  context: CliContext,
): Promise<PreparedBackup> {
  let settings = await readSettings(context.paths);
  const destination = resolveDestination(options, settings, context.env);
  const allowInsecureHttp = allowsInsecureHttp(options, settings);
  const paths = await checkFolders(given, settings, context);
  if (paths.length === 0 && settings.folders.length === 0) throw new BackupError("no-folders");
  if (options.consent) settings = await grantConsent(context, destination, allowInsecureHttp, { isUntried: true });
  if (!hasConsent(settings, destination)) throw new BackupError("no-consent", { detail: destination.bucket });
  const folders = paths.length > 0 ? await labeled(paths, context) : chosenFolders(settings);
  return {
    destination,
    allowInsecureHttp,
    folders,
    coversEverything: coversAll(folders, settings),
    isOfNamed: paths.length > 0,
    newestFolderAt: newestFolderAt(settings),
  };
}

async function checkFolders(given: string[], settings: Settings, context: CliContext): Promise<string[]> {
  const paths: string[] = [];
  const refused: unknown[] = [];
  const chosen = settings.folders.map((folder) => folder.path);
  for (const folder of given) {
    const path = await checkFolder(folder, context.cwd).catch((error: unknown) => {
      refused.push(error);
      return resolve(context.cwd, folder);
    });
    refuseBoth(path, paths);
    // Inside a chosen folder is fine, it keeps that one's keys; around one, the same photos would get two.
    refuseOverlap(
      path,
      chosen.filter((other) => !isInside(path, other)),
    );
    if (!paths.includes(path)) paths.push(path);
  }
  // One that is missing keeps no other from its backup: the scan reports it, and the exit code does.
  if (refused.length > 0 && refused.length === given.length) throw refused[0];
  return paths;
}

function refuseBoth(path: string, named: readonly string[]): void {
  for (const other of named) {
    if (path === other || (!isInside(path, other) && !isInside(other, path))) continue;
    const [inner, outer] = isInside(path, other) ? [path, other] : [other, path];
    throw new UsageError(`${inner} is inside ${outer}, which is named too.`, `Leave ${inner} out.`);
  }
}

/** Labels given to one-off folders are kept: the same folder has the same keys the next time. */
async function labeled(paths: string[], context: CliContext): Promise<ScannedFolder[]> {
  let folders: ScannedFolder[] = [];
  await updateSettings(context.paths, (settings) => {
    const labels = { ...settings.labels };
    folders = paths.map((path) => {
      const folder = oneOffFolder(path, { ...settings, labels });
      if (folder.root === path) labels[path] = folder.label;
      return folder;
    });
    return { ...settings, labels };
  });
  return folders;
}
