import { existsSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { agentLabel } from "../../helper/control/agent-label.ts";
import { readSettings } from "../../helper/state/files/settings-store.ts";
import { removeFolder } from "../../src/actions/remove-folder.ts";
import ShowStatus from "../../src/show-status.tsx";
import { raycast } from "../support/raycast-stub/recorder.ts";
import { useFakeMac } from "./harness/fake-mac.ts";
import { show, type Screen } from "./harness/screen.tsx";
import { allBackedUp, withFolder } from "./harness/status-samples.ts";
import { createUiWorld } from "./harness/ui-world.ts";

async function showStatus(): Promise<Screen> {
  const screen = await show(<ShowStatus />);
  await screen.until((now) => !now.isLoading());
  return screen;
}

describe("Show Status's actions", { timeout: 30_000 }, () => {
  it("pauses and resumes by the settings", async () => {
    const world = createUiWorld();
    withFolder(world);
    world.liveStatus({});
    const screen = await showStatus();
    await screen.run("Pause");
    await screen.until((now) => now.actions().includes("Resume"));
    expect((await readSettings(world.paths)).paused).toBe(true);
    expect(raycast.toasts.at(-1)).toMatchObject({ style: "success", title: "Backup Paused" });
    await screen.run("Resume");
    await screen.until((now) => now.actions().includes("Pause"));
    expect((await readSettings(world.paths)).paused).toBe(false);
  });

  it("asks a running helper to back up now", async () => {
    const world = createUiWorld();
    world.liveStatus({});
    const screen = await showStatus();
    await screen.run("Back Up Now");
    await screen.until(() => raycast.toasts.length > 0);
    expect(raycast.toasts.at(-1)).toMatchObject({ style: "success", title: "Looking for New Photos" });
    expect(await world.requests()).toEqual([{ kind: "back-up-now" }]);
  });

  it("asks a running helper to verify now, and only where there is a bucket to verify", async () => {
    const world = createUiWorld();
    world.liveStatus({});
    expect((await showStatus()).actions()).not.toContain("Verify Now");
    withFolder(world);
    const screen = await showStatus();
    await screen.run("Verify Now");
    await screen.until(() => raycast.toasts.length > 0);
    expect(raycast.toasts.at(-1)).toMatchObject({ style: "success", title: "Comparing the Bucket with the Backup" });
    expect(await world.requests()).toEqual([{ kind: "verify" }]);
  });

  it("does not claim to have started anything when no helper runs", async () => {
    const world = createUiWorld();
    world.status({});
    const screen = await showStatus();
    await screen.run("Back Up Now");
    await screen.until(() => raycast.toasts.length > 0);
    expect(raycast.toasts.at(-1)).toMatchObject({
      style: "failure",
      title: "Helper Is Not Running",
      primaryAction: { title: "Turn Background Backup On" },
    });
    expect(await world.requests()).toEqual([{ kind: "back-up-now" }]);
  });

  it("leaves a folder alone when the person says no", async () => {
    const world = createUiWorld();
    raycast.alertAnswers.push(false);
    await removeFolder(withFolder(world));
    expect(raycast.alerts).toHaveLength(1);
    expect(world.helper.calls("folders")).toEqual([]);
    expect(raycast.toasts).toEqual([]);
  });

  it("removes a folder after a yes to words that say that nothing in the bucket is deleted", async () => {
    const world = createUiWorld();
    const path = withFolder(world);
    world.helper.answer("folders remove", { folders: [] });
    raycast.alertAnswers.push(true);
    const screen = await showStatus();
    await screen.run("Remove Folder", path);
    await screen.until(() => raycast.toasts.length > 0);
    expect(raycast.alerts[0]?.message).toMatch(/Nothing in the bucket is deleted/);
    expect(raycast.alerts[0]?.primaryAction?.style).toBe("destructive");
    expect(world.helper.calls("folders")[0]?.argv).toEqual(["folders", "remove", path, "--json"]);
    expect(raycast.toasts.at(-1)).toMatchObject({ style: "success", title: "Folder Removed" });
  });

  it("opens the state folder, the logs, a folder and the failures", async () => {
    const world = createUiWorld();
    const path = withFolder(world);
    const screen = await showStatus();
    await screen.run("Open State Folder");
    await screen.run("Open Logs");
    await screen.run("Show in Finder", path);
    await screen.run("View Failures");
    expect(raycast.opened).toEqual([world.paths.stateDir, world.paths.logDir, path]);
    expect(raycast.launched).toEqual(["view-failures"]);
    raycast.launchError = new Error("The command is disabled");
    await screen.run("View Failures");
    expect(raycast.toasts.at(-1)).toMatchObject({ style: "failure" });
    expect(raycast.toasts.at(-1)?.message).toContain("The command is disabled");
  });

  it("turns background backup on and off, and shows which it is", async () => {
    const world = createUiWorld();
    const mac = useFakeMac();
    // The helper that launchd starts here writes no status; this one stands for it.
    world.liveStatus(allBackedUp(withFolder(world)));
    const screen = await showStatus();
    await screen.until((now) => now.rows().some((row) => row.startsWith("Helper Is Running")));
    await screen.run("Turn Background Backup On");
    await screen.until((now) => now.rows().some((row) => row.startsWith("Background Backup Is On")));
    expect(mac.job(agentLabel)?.pid).toBeGreaterThan(0);
    await screen.until(() => raycast.toasts.at(-1)?.title === "Background Backup Is On");
    expect(raycast.toasts.at(-1)).toMatchObject({ style: "success" });
    await screen.run("Turn Background Backup Off");
    world.status({});
    await screen.until((now) => now.rows()[0]?.startsWith("Background Backup Is Off") ?? false);
    // The files go first, so that nothing starts it again; launchd lets go of the job a moment later.
    await screen.until(() => mac.job(agentLabel) === undefined);
    expect(existsSync(`${mac.home}/Library/LaunchAgents/${agentLabel}.plist`)).toBe(false);
    // It is said last of all, once launchd has let go.
    await screen.until(() => /Nothing in the bucket is deleted/.test(raycast.toasts.at(-1)?.message ?? ""));
    expect(raycast.toasts.at(-1)).toMatchObject({ style: "success" });
    expect(world.helper.calls("run")).toEqual([]);
  });

  it("says that only System Settings can switch it on again, and opens them", async () => {
    createUiWorld();
    const mac = useFakeMac();
    mac.set({ "login-item": "2" });
    const screen = await showStatus();
    await screen.run("Turn Background Backup On");
    await screen.until(() => raycast.toasts.some((toast) => toast.title === "Switched Off in System Settings"));
    raycast.toasts.at(-1)?.primaryAction?.onAction(undefined);
    expect(raycast.opened).toEqual(["x-apple.systempreferences:com.apple.LoginItems-Settings.extension"]);
    await screen.until((now) => now.rows().some((row) => row.startsWith("Switched Off in System Settings")));
  });

  it("says in words that there is no background backup without launchd", async () => {
    createUiWorld();
    const screen = await showStatus();
    await screen.until((now) => now.rows().some((row) => row.startsWith("No Background Backup Here")));
    await screen.run("Turn Background Backup On");
    await screen.until(() => raycast.toasts.some((toast) => toast.style === "failure"));
    expect(raycast.toasts.at(-1)).toMatchObject({ style: "failure", title: "No Background Backup Here" });
  });
});
