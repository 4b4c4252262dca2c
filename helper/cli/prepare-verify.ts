import { realpath } from "node:fs/promises";
import { resolve } from "node:path";
import type { ScannedFolder } from "../backup/candidate.ts";
import { chosenFolders, isInside, oneOffFolder } from "../session/scanned-folders.ts";
import type { Destination } from "../state/files/destination.ts";
import { readSettings } from "../state/files/settings-store.ts";
import type { EntryMap } from "../state/ledger/entry-map.ts";
import { readLedgerSnapshot } from "../state/ledger/read-ledger-snapshot.ts";
import { checkFolder } from "./check-folder.ts";
import type { CliContext } from "./cli-context.ts";
import { allowsInsecureHttp, resolveDestination, type DestinationOptions } from "./resolve-destination.ts";

/** What a verification looks at, and where. */
export interface PreparedVerify {
  destination: Destination;
  allowInsecureHttp: boolean;
  /** Looked through on this computer. */
  folders: ScannedFolder[];
  isOfFolders: boolean;
  /** The whole ledger, and the photos of it that are looked for. */
  entries: EntryMap;
  isChosen: (path: string) => boolean;
  chosenPhotos: number;
}

/**
 * Reads the ledger as it is at this moment, and takes no lock: a backup may go on beside it.
 * @throws UsageError when nothing is known of any of the given folders, and BackupError
 */
export async function prepareVerify(
  given: string[],
  options: DestinationOptions,
  context: CliContext,
): Promise<PreparedVerify> {
  const settings = await readSettings(context.paths);
  const destination = resolveDestination(options, settings, context.env);
  const entries = await readLedgerSnapshot(context.paths, destination);
  const paths = await Promise.all(given.map((folder) => spelledAsScanned(resolve(context.cwd, folder))));
  await refuseUnknown(given, paths, entries, context);
  const isOfFolders = paths.length > 0;
  const isChosen = (path: string) => !isOfFolders || paths.some((folder) => isInside(path, folder));
  let chosenPhotos = 0;
  for (const path of entries.keys()) if (isChosen(path)) chosenPhotos += 1;
  return {
    destination,
    allowInsecureHttp: allowsInsecureHttp(options, settings),
    folders: isOfFolders ? paths.map((path) => oneOffFolder(path, settings)) : chosenFolders(settings),
    isOfFolders,
    ...{ entries, isChosen, chosenPhotos },
  };
}

/** A folder that is neither here nor in the ledger is a slip, as it is for `backup`; beside others it is only reported. */
async function refuseUnknown(given: string[], paths: string[], entries: EntryMap, { cwd }: CliContext): Promise<void> {
  const isKnown = (folder: string) => {
    for (const path of entries.keys()) if (isInside(path, folder)) return true;
    return false;
  };
  let refusal: unknown;
  for (const [index, folder] of given.entries()) {
    if (isKnown(paths[index] ?? folder)) return;
    try {
      await checkFolder(folder, cwd);
      return;
    } catch (error) {
      refusal ??= error;
    }
  }
  if (refusal) throw refusal;
}

/** A folder that is gone from the disk can still be verified in the bucket. */
function spelledAsScanned(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}
