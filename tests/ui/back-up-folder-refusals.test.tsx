import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkFolders } from "../../src/form/check-folders.ts";
import { raycast } from "../support/raycast-stub/recorder.ts";
import { agreed, chosen, commandsOf, folderError, showForm, worldThatAgrees } from "./harness/back-up-form.tsx";
import { createUiWorld, type UiWorld } from "./harness/ui-world.ts";

describe("what Back Up Folder refuses", { timeout: 30_000 }, () => {
  it.each<[string, (world: UiWorld) => string[], RegExp]>([
    [
      "inside one already chosen",
      (world) => [world.folder("Chosen/inner")],
      /inner is inside .*Chosen, which is already chosen/,
    ],
    ["around one already chosen", (world) => [world.dir], /is around .*Chosen, which is already chosen/],
    [
      "inside another of the same choice",
      (world) => [world.folder("New"), world.folder("New/inner")],
      /inner is inside .*New,/,
    ],
    ["inside a chosen one through a link", (world) => [linked(world)], /is inside .*Chosen/],
    ["missing", (world) => [join(world.dir, "gone")], /gone does not exist/],
    ["a file", (world) => [file(world)], /is not a folder/],
  ])("refuses beside the field a folder that is %s, before anything is recorded", async (_, folders, words) => {
    const world = worldThatAgrees();
    world.settings(chosen(world.folder("Chosen")));
    const screen = await showForm();
    await screen.fill("folders", folders(world));
    await screen.fill("bucket", "family-photos");
    await screen.fill("consent", true);
    await screen.submit();
    await screen.until((now) => folderError(now) !== undefined);
    expect(folderError(screen)).toMatch(words);
    expect(world.helper.calls()).toEqual([]);
  });

  it("refuses a folder that can't be read", async () => {
    const world = createUiWorld();
    const denied = () => Promise.reject(Object.assign(new Error("denied"), { code: "EPERM" }));
    const result = await checkFolders([world.folder("Locked")], [], denied);
    expect(result).toEqual({ error: `${world.dir}/Locked cannot be read: check its permissions` });
  });

  it("shows beside the field what the helper has against a folder", async () => {
    const world = worldThatAgrees();
    world.settings(agreed());
    const error = { code: "usage", title: "Not Done", what: "The folder is on fire.", mend: "Put it out." };
    world.helper.answer("folders add", { error }, 2);
    const screen = await showForm();
    await screen.fill("folders", [world.folder("Summer")]);
    await screen.submit();
    await screen.until((now) => folderError(now) !== undefined);
    expect(folderError(screen)).toBe("The folder is on fire. Put it out.");
    expect(raycast.pushes).toEqual([]);
  });

  it.each([
    ["bucket", "", /Needed/],
    ["bucket", "s3://family-photos/x", /bare name/],
    ["region", " ", /Needed/],
    ["prefix", "a//b", /single slashes/],
    ["prefix", "a/../b", /single slashes/],
    ["prefix", ".photolala", /single slashes/],
  ])("refuses beside the field the %s %j", async (field, value, words) => {
    const world = worldThatAgrees();
    world.settings(agreed());
    const screen = await showForm();
    await screen.fill("folders", [world.folder("Summer")]);
    await screen.fill(field, value);
    await screen.fill("consent", true);
    await screen.submit();
    expect(screen.all("Form.TextField").find(({ id }) => id === field)?.error).toMatch(words);
    expect(world.helper.calls()).toEqual([]);
  });

  it("needs a folder as long as none is chosen", async () => {
    const world = worldThatAgrees();
    world.settings(agreed());
    const screen = await showForm();
    await screen.submit();
    expect(folderError(screen)).toBe("Choose at least one folder");
  });

  it("adds no folder when the destination was refused, and says why", async () => {
    const world = worldThatAgrees();
    const error = {
      code: "insecure-endpoint",
      title: "Endpoint Not Encrypted",
      what: "It is http.",
      mend: "Use https.",
    };
    world.helper.answer("consent", { error }, 3);
    const screen = await showForm();
    await screen.fill("folders", [world.folder("Summer")]);
    await screen.fill("bucket", "family-photos");
    await screen.fill("consent", true);
    await screen.submit();
    await screen.until(() => raycast.toasts.some(({ style }) => style === "failure"));
    expect(raycast.toasts.at(-1)).toMatchObject({
      title: "Endpoint Not Encrypted",
      message: "It is http. Use https.",
      primaryAction: { title: "Open Preferences" },
    });
    expect(commandsOf(world)).toEqual(["consent --bucket=family-photos"]);
    expect(raycast.pushes).toEqual([]);
    expect(screen.isLoading()).toBe(false);
  });
});

function linked(world: UiWorld): string {
  const path = join(world.dir, "link");
  symlinkSync(world.folder("Chosen/behind"), path);
  return path;
}

function file(world: UiWorld): string {
  const path = join(world.dir, "a.jpg");
  writeFileSync(path, "x");
  return path;
}
