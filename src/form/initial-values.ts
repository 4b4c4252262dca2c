import { getSelectedFinderItems } from "@raycast/api";
import { stat } from "node:fs/promises";
import type { Settings } from "../../helper/state/files/settings.ts";
import { readSettings } from "../../helper/state/files/settings-store.ts";
import { statePaths } from "../../helper/state/state-paths.ts";
import { backupPreferences } from "../state/preferences.ts";
import { recallChosenBucket } from "./chosen-bucket.ts";

/** The form's fields. */
export interface BackUpFolderValues {
  folders: string[];
  bucket: string;
  region: string;
  prefix: string;
  storageClass: string;
  consent: boolean;
}

export interface FormStart {
  settings: Settings;
  values: BackUpFolderValues;
}

/** A bucket that was chosen just now, before it is anywhere in the settings. */
export interface Preselected {
  bucket: string;
  region?: string | undefined;
}

/** What the form starts with: what was chosen just now, else what the settings say, else the preferences. */
export async function initialValues(preselected?: Preselected): Promise<FormStart> {
  const { endpoint, region } = backupPreferences();
  const [settings, folders, recalled] = await Promise.all([
    readSettings(statePaths()),
    foldersSelectedInFinder(),
    recallChosenBucket(endpoint ?? ""),
  ]);
  const known = settings.destination;
  const chosen = preselected ?? recalled;
  const bucket = chosen?.bucket ?? known?.bucket ?? "";
  const knownRegion = known?.bucket === bucket && sameEndpoint(known.endpoint, endpoint) ? known.region : undefined;
  return {
    settings,
    values: {
      folders,
      bucket,
      region: chosen?.region ?? knownRegion ?? region,
      prefix: known?.prefix ?? "photos",
      storageClass: known?.storageClass ?? "STANDARD",
      consent: false,
    },
  };
}

function sameEndpoint(a: string | undefined, b: string | undefined): boolean {
  const originOf = (endpoint = "") => (URL.canParse(endpoint) ? new URL(endpoint).origin : endpoint);
  return originOf(a) === originOf(b);
}

/** None when Finder is not in front, which is normal and no error. */
async function foldersSelectedInFinder(): Promise<string[]> {
  const items = await getSelectedFinderItems().catch(() => []);
  const folders: string[] = [];
  for (const { path } of items) {
    const isFolder = await stat(path).then(
      (found) => found.isDirectory(),
      () => false,
    );
    if (isFolder) folders.push(path.length > 1 ? path.replace(/\/$/, "") : path);
  }
  return folders;
}
