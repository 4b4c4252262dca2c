import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };

const root = new URL("../../", import.meta.url);

interface ManifestCommand {
  name: string;
  title: string;
  description: string;
  mode: string;
  interval?: string;
}

const commands: ManifestCommand[] = manifest.commands;

// What `ray build` does not check and the Store does.
describe("the manifest", () => {
  it("says what the extension is", () => {
    expect(manifest).toMatchObject({ name: "photolala-backup", title: "Photolala Backup", license: "MIT" });
    expect(manifest.platforms).toEqual(["macOS"]);
    expect(manifest.author).toMatch(/^[\w-]+$/);
    expect(manifest.description.length).toBeGreaterThan(20);
    expect(manifest.categories.length).toBeGreaterThan(0);
  });

  it("has an icon of 512 by 512", async () => {
    const image = sharp(await readFile(new URL(`assets/${manifest.icon}`, root)));
    expect(await image.metadata()).toMatchObject({ format: "png", width: 512, height: 512, hasAlpha: true });
  });

  it("has an entry file, a title in title case and a description for each command", () => {
    expect(commands.map(({ name }) => name)).toEqual([
      "list-buckets",
      "back-up-folder",
      "show-status",
      "view-failures",
      "backup-menu-bar",
    ]);
    for (const { name, title, description } of commands) {
      expect(existsSync(new URL(`src/${name}.tsx`, root)), name).toBe(true);
      expect(title).toMatch(/^([A-Z][a-z]+ ?)+$/);
      expect(description).not.toMatch(/\.$/);
    }
  });

  it("updates the menu bar every minute, the shortest that Raycast allows", () => {
    const menuBar = commands.filter(({ mode }) => mode === "menu-bar");
    expect(menuBar).toMatchObject([{ name: "backup-menu-bar", interval: "1m" }]);
  });

  it("invariant 9: keeps the secret in a password preference without a default", () => {
    const secret = manifest.preferences.find(({ name }) => name === "secretAccessKey");
    expect(secret).toMatchObject({ type: "password", required: true });
    expect(secret).not.toHaveProperty("default");
    expect(manifest.preferences.filter(({ type }) => type === "password")).toHaveLength(1);
  });

  it("has a placeholder in every text preference, and an optional endpoint", () => {
    for (const preference of manifest.preferences) expect(preference.placeholder, preference.name).toMatch(/\S/);
    expect(manifest.preferences.find(({ name }) => name === "endpoint")?.required).toBe(false);
  });

  it("asks for no Keychain access and no tool of the AI", () => {
    expect(manifest).not.toHaveProperty("tools");
    expect(manifest).not.toHaveProperty("ai");
  });
});
