import { destinationId } from "../../../helper/state/files/destination-id.ts";
import type { Destination } from "../../../helper/state/files/destination.ts";
import type { Settings } from "../../../helper/state/files/settings.ts";
import BackUpFolder from "../../../src/back-up-folder.tsx";
import { show, type Screen } from "./screen.tsx";
import { createUiWorld, type UiWorld } from "./ui-world.ts";

export const addedAt = "2026-01-01T00:00:00.000Z";
export const destination: Destination = { bucket: "family-photos", region: "eu-central-1", prefix: "photos" };

export function agreed(to: Destination = destination): Partial<Settings> {
  return { destination: to, consent: { grantedAt: addedAt, destinationId: destinationId(to), destination: to } };
}

export function chosen(path: string): Partial<Settings> {
  return { folders: [{ path, label: "Chosen", addedAt }] };
}

export function worldThatAgrees(): UiWorld {
  const world = createUiWorld();
  world.helper.answer("consent", { destination, consent: {} });
  world.helper.answer("folders add", { folders: [] });
  return world;
}

export async function showForm(): Promise<Screen> {
  const screen = await show(<BackUpFolder />);
  await screen.until((now) => now.all("Form.FilePicker").length + now.all("Form.Description").length > 0);
  return screen;
}

export const values = (screen: Screen) => screen.all("Form.TextField").map(({ value }) => value);
export const checkbox = (screen: Screen) => screen.all("Form.Checkbox")[0];
export const folderError = (screen: Screen) => screen.all("Form.FilePicker")[0]?.error;
export const commandsOf = (world: UiWorld) => world.helper.calls().map(({ argv }) => argv.slice(0, 2).join(" "));
