import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { ComponentType } from "react";
import { describe, expect, it } from "vitest";
import BackUpFolder from "../../src/back-up-folder.tsx";
import BackupMenuBar from "../../src/backup-menu-bar.tsx";
import ListBuckets from "../../src/list-buckets.tsx";
import ShowStatus from "../../src/show-status.tsx";
import ViewFailures from "../../src/view-failures.tsx";
import { environment, LaunchType } from "../support/raycast-stub/environment.ts";
import { raycast } from "../support/raycast-stub/recorder.ts";
import { show } from "./harness/screen.tsx";
import { accessKeyId, createUiWorld, secretAccessKey, type UiWorld } from "./harness/ui-world.ts";

const commands: [string, ComponentType][] = [
  ["List Buckets", ListBuckets],
  ["Back Up Folder", BackUpFolder],
  ["Show Status", ShowStatus],
  ["View Failures", ViewFailures],
  ["Backup Menu Bar", BackupMenuBar],
];

const noKeychain = {
  error: { code: "keychain-missing", title: "No Keychain Here", what: "There is no Keychain.", mend: "Use variables." },
};

function freshWorld(): UiWorld {
  const world = createUiWorld();
  raycast.localStorage.clear();
  world.helper.answer("buckets", { buckets: [] });
  return world;
}

const isHandedOver = () => raycast.localStorage.has("credential-fingerprint");

describe("the hand-over of the access key", { timeout: 30_000 }, () => {
  it.each(commands)(
    "invariant 9: %s hands it over by standard input only, and keeps no more than a mark",
    async (_, Command) => {
      const world = freshWorld();
      const screen = await show(<Command />);
      await screen.until(isHandedOver);
      const calls = world.helper.calls("credentials set");
      expect(calls).toEqual([
        { argv: ["credentials", "set", "--json"], stdin: JSON.stringify({ accessKeyId, secretAccessKey }) },
      ]);
      await screen.until((now) => !now.isLoading());
      const kept = [...raycast.localStorage.values(), ...raycast.cache.values(), JSON.stringify(raycast.toasts)];
      expect(kept.join("\n")).not.toContain(secretAccessKey);
      expect(textUnder(world.paths.stateDir)).not.toContain(secretAccessKey);
    },
  );

  it("happens once, and again after the preferences changed", async () => {
    const world = freshWorld();
    const first = await show(<ShowStatus />);
    await first.until(isHandedOver);
    const again = await show(<ShowStatus />);
    await again.until((now) => !now.isLoading());
    expect(world.helper.calls("credentials set")).toHaveLength(1);
    const mark = raycast.localStorage.get("credential-fingerprint");
    raycast.preferences = { accessKeyId, secretAccessKey: "another secret" };
    const changed = await show(<ShowStatus />);
    await changed.until(() => raycast.localStorage.get("credential-fingerprint") !== mark);
    expect(world.helper.calls("credentials set")[1]?.stdin).toContain("another secret");
  });

  it("has words where there is no Keychain, and is tried again next time", async () => {
    const world = freshWorld();
    world.helper.answer("credentials set", noKeychain, 3);
    const screen = await show(<ListBuckets />);
    await screen.until((now) => now.emptyView() !== undefined);
    expect(raycast.toasts).toMatchObject([
      { style: "failure", title: "No Keychain Here", message: "There is no Keychain. Use variables." },
    ]);
    expect(isHandedOver()).toBe(false);
    // The helper may still find a key in its environment: its own answer decides.
    expect(screen.emptyView()).toMatch(/^No Buckets/);
  });

  it("shows no toast from the background, where nobody looks", async () => {
    const world = freshWorld();
    world.helper.answer("credentials set", noKeychain, 3);
    environment.launchType = LaunchType.Background;
    try {
      const screen = await show(<BackupMenuBar />);
      await screen.until((now) => !now.isLoading());
      expect(world.helper.calls("credentials set")).toHaveLength(1);
      expect(raycast.toasts).toEqual([]);
    } finally {
      environment.launchType = LaunchType.UserInitiated;
    }
  });

  it("never hands over half a key", async () => {
    const world = freshWorld();
    raycast.preferences = { accessKeyId, secretAccessKey: "  " };
    const screen = await show(<ListBuckets />);
    await screen.until((now) => now.emptyView() !== undefined);
    expect(world.helper.calls("credentials set")).toEqual([]);
  });
});

function textUnder(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const files = names.map((name) => join(folder, name)).filter((path) => statSync(path).isFile());
  return files.map((path) => readFileSync(path, "utf8")).join("\n");
}
