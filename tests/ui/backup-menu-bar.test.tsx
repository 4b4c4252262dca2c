import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { readSettings } from "../../helper/state/files/settings-store.ts";
import BackupMenuBar from "../../src/backup-menu-bar.tsx";
import { raycast } from "../support/raycast-stub/recorder.ts";
import { someStatus } from "../support/state/samples.ts";
import { show, type Screen } from "./harness/screen.tsx";
import { createUiWorld, minutesAgo } from "./harness/ui-world.ts";

const counts = { ...someStatus().counts, onDisk: 25, backedUp: 25 };

async function showMenu(): Promise<Screen> {
  const screen = await show(<BackupMenuBar />);
  await screen.until((now) => !now.isLoading());
  return screen;
}

const updated = (screen: Screen) => screen.all("MenuBarExtra.Section")[0]?.title;

describe("Backup Menu Bar", () => {
  it("shows that all is backed up, and when it was told", async () => {
    const world = createUiWorld();
    world.liveStatus({ counts, lastScan: minutesAgo(4), lastBackup: minutesAgo(3) });
    const screen = await showMenu();
    expect(screen.rows()).toEqual([
      "All 25 photos backed up | 3 minutes ago",
      "Last backup: 3 min ago",
      "Pause",
      "Back Up Now",
      "Show Status",
      "Back Up Folder",
    ]);
    expect(updated(screen)).toBe("Updated just now");
    expect(screen.all("MenuBarExtra")[0]?.tooltip).toBe("Photolala Backup: All 25 photos backed up");
  });

  it("shows the current photo and the failures, each leading to its command", async () => {
    const world = createUiWorld();
    world.liveStatus({
      activity: "uploading",
      current: { path: "/p/IMG_1.jpg", sizeBytes: 2_000, sentBytes: 500, startedAt: minutesAgo(0) },
      counts: { ...counts, backedUp: 20, waiting: 2, failed: 3, unreadableFolders: 1 },
    });
    const screen = await showMenu();
    expect(screen.rows()).toContain("IMG_1.jpg | 500 B of 2 kB");
    await screen.run("3 photos failed, 1 folder could not be read", "3 photos failed");
    await screen.run("Show Status", "Show Status");
    await screen.run("Back Up Folder", "Back Up Folder");
    expect(raycast.launched).toEqual(["view-failures", "show-status", "back-up-folder"]);
  });

  it("never says that a dead helper backs up", async () => {
    const world = createUiWorld();
    world.turnedOn();
    world.status({
      activity: "uploading",
      heartbeatAt: minutesAgo(3),
      counts,
      lastBackup: minutesAgo(60),
      current: { path: "/p/IMG_1.jpg", sizeBytes: 2_000, sentBytes: 500, startedAt: minutesAgo(3) },
    });
    const screen = await showMenu();
    expect(screen.rows().join("\n")).not.toMatch(/Backing Up|IMG_1|All 25/);
    expect(screen.rows()[0]).toMatch(/^Helper Is Not Running \| Last whole backup 1 hour ago/);
    expect(updated(screen)).toBe("Updated 3 min ago");
    expect(screen.rows()).toContain("Turn Background Backup On");
    await screen.run("Turn Background Backup On", "Turn Background Backup On");
    await screen.until(() => raycast.toasts.some((toast) => toast.style === "failure"));
  });

  it("keeps what was last known when the file can't be read, without believing it", async () => {
    const world = createUiWorld();
    world.liveStatus({ counts, lastBackup: minutesAgo(3) });
    await showMenu();
    writeFileSync(world.paths.status, "{");
    const screen = await showMenu();
    await screen.until((now) => now.rows().some((row) => row.includes("status file cannot be read")));
    expect(screen.rows()).toContain("Last backup: 3 min ago");
    expect(screen.rows().join("\n")).not.toMatch(/All 25/);
  });

  it("has something to say before the first backup", async () => {
    createUiWorld();
    const screen = await showMenu();
    expect(screen.rows()).toEqual([
      "Background Backup Is Off | It has not been on yet.",
      "Turn Background Backup On",
      "Show Status",
      "Back Up Folder",
    ]);
  });

  it("pauses, resumes, and asks for a backup", async () => {
    const world = createUiWorld();
    world.liveStatus({});
    const screen = await showMenu();
    await screen.run("Pause", "Pause");
    await screen.until(async () => (await readSettings(world.paths)).paused);
    await screen.run("Back Up Now", "Back Up Now");
    await screen.until(async () => (await world.requests()).length === 1);
    world.liveStatus({ activity: "paused" });
    const paused = await showMenu();
    await paused.until((now) => now.rows().includes("Resume"));
    await paused.run("Resume", "Resume");
    await paused.until(async () => !(await readSettings(world.paths)).paused);
  });
});
