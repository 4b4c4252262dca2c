import manifest from "../../../package.json" with { type: "json" };
import { tmpdir } from "node:os";
import { join } from "node:path";
import { raycast } from "./recorder.ts";

export const LaunchType = { UserInitiated: "userInitiated", Background: "background" } as const;

/** Tests may point `assetsPath` at a folder of their own. */
export const environment = {
  assetsPath: join(import.meta.dirname, "../../../assets"),
  supportPath: join(tmpdir(), "raycast-stub-support"),
  commandName: "show-status",
  commandMode: "view",
  extensionName: manifest.name,
  ownerOrAuthorName: manifest.author,
  launchType: LaunchType.UserInitiated as string,
  isDevelopment: true,
  raycastVersion: "1.104.25",
  appearance: "light",
  textSize: "medium",
};

/** The manifest's defaults, and over them what the test set as the person's preferences. */
export function getPreferenceValues(): Record<string, unknown> {
  const defaults = manifest.preferences.map((preference) => [
    preference.name,
    "default" in preference ? preference.default : preference.type === "checkbox" ? false : "",
  ]);
  return { ...Object.fromEntries(defaults), ...raycast.preferences };
}

export async function openExtensionPreferences(): Promise<void> {
  raycast.preferencesOpened += 1;
}

export const openCommandPreferences = openExtensionPreferences;

export async function launchCommand({ name }: { name: string }): Promise<void> {
  if (raycast.launchError) throw raycast.launchError;
  raycast.launched.push(name);
}

export async function getSelectedFinderItems(): Promise<{ path: string }[]> {
  if (!raycast.finderSelection) throw new Error("Finder isn't the frontmost application");
  return raycast.finderSelection.map((path) => ({ path }));
}
