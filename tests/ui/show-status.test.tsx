import { describe, expect, it } from "vitest";
import type { Status } from "../../helper/state/files/status.ts";
import ShowStatus from "../../src/show-status.tsx";
import { someDestination } from "../support/state/samples.ts";
import { show, type Screen } from "./harness/screen.tsx";
import { allBackedUp, noCounts, withFolder } from "./harness/status-samples.ts";
import { createUiWorld, minutesAgo } from "./harness/ui-world.ts";

async function showStatus(): Promise<Screen> {
  const screen = await show(<ShowStatus />);
  await screen.until((now) => !now.isLoading());
  return screen;
}

describe("Show Status", { timeout: 30_000 }, () => {
  it("says that all is backed up, when, and each of the three times in its own words", async () => {
    const world = createUiWorld();
    world.liveStatus(allBackedUp(withFolder(world)));
    const rows = (await showStatus()).rows();
    expect(rows[0]).toBe("All 48,212 photos backed up | 3 minutes ago | updated just now");
    expect(rows.find((row) => row.startsWith("Last Backup"))).toMatch(
      /The last time all photos were in the bucket \| 3 minutes ago$/,
    );
    expect(rows.find((row) => row.startsWith("Last Scan"))).toMatch(/whatever was found \| 4 minutes ago$/);
    expect(rows.find((row) => row.startsWith("Last Upload"))).toMatch(/confirmed a photo \| 2 hours ago$/);
    expect(rows).toContain(`Summer | ${world.dir}/Summer | 48,212 of 48,212 photos`);
    expect(rows).toContain("Bucket | photos-of-mine at AWS, region us-east-1, under photos/ | not agreed yet");
  });

  it.each<[string, (path: string) => Partial<Status>]>([
    [
      "a photo failed",
      (path) => ({ ...allBackedUp(path), counts: { ...noCounts, onDisk: 9, backedUp: 8, failed: 1 } }),
    ],
    [
      "a folder could not be read",
      (path) => ({ ...allBackedUp(path), counts: { ...noCounts, onDisk: 9, backedUp: 9, unreadableFolders: 1 } }),
    ],
    ["a later scan is not done with", (path) => ({ ...allBackedUp(path), lastScan: minutesAgo(1) })],
    ["no backup was ever finished", (path) => ({ ...allBackedUp(path), lastBackup: undefined })],
    ["another folder was just chosen", () => ({ ...allBackedUp("/elsewhere") })],
    [
      "it was another bucket",
      (path) => ({ ...allBackedUp(path), destination: { ...someDestination, bucket: "other" } }),
    ],
    [
      "a folder is offline",
      (path) => ({
        ...allBackedUp(path),
        folders: [{ path, label: "Summer", state: "volume-offline", onDisk: 1, backedUp: 1 }],
      }),
    ],
    ["there are no photos", (path) => ({ ...allBackedUp(path), counts: noCounts })],
  ])("never says that all is backed up when %s", async (_, status) => {
    const world = createUiWorld();
    world.liveStatus(status(withFolder(world)));
    const text = (await showStatus()).rows().join("\n");
    expect(text).not.toMatch(/\ball \d/i);
    expect(text).not.toContain("The only photo is");
  });

  it("shows the current photo, the queue, speed and time left", async () => {
    const world = createUiWorld();
    withFolder(world);
    world.liveStatus({
      activity: "uploading",
      current: { path: "/p/IMG_1.heic", sizeBytes: 4_000_000, sentBytes: 1_000_000, startedAt: minutesAgo(0) },
      queue: { photos: 1_204, bytes: 14_200_000_000 },
      counts: {
        ...noCounts,
        onDisk: 2_000,
        backedUp: 790,
        waiting: 1_204,
        failed: 2,
        deferred: 4,
        leftAlone: 12,
        leftAloneByExtension: { txt: 2, "": 10 },
      },
      speedBytesPerSecond: 3_100_000,
      secondsLeft: 4_321,
    });
    const rows = (await showStatus()).rows();
    expect(rows.slice(0, 9)).toEqual([
      "Backing Up | 1,204 photos to go | updated just now",
      "IMG_1.heic | 1 MB of 4 MB | 25%",
      "1,204 photos in the queue | 14.2 GB | 3.1 MB/s | 1h 12m left",
      "790 of 2,000 photos backed up",
      "2 photos failed | View Failures tells which and why.",
      "1,204 photos waiting | To be uploaded, one at a time.",
      "4 photos left for later | In iCloud or still changing.",
      "12 other files left alone | without extension 10, .txt 2",
      "Last Backup | The last time all photos were in the bucket | never",
    ]);
  });

  it.each([
    ["that was turned off", false, "Background Backup Is Off"],
    ["that should be running", true, "Helper Is Not Running"],
  ])("never shows what a helper was doing %s as going on", async (_, isOn, title) => {
    const world = createUiWorld();
    if (isOn) world.turnedOn();
    const path = withFolder(world);
    world.status({
      ...allBackedUp(path),
      activity: "uploading",
      heartbeatAt: minutesAgo(180),
      current: { path: "/p/IMG_1.heic", sizeBytes: 4, sentBytes: 1, startedAt: minutesAgo(180) },
      queue: { photos: 3, bytes: 12 },
    });
    const rows = (await showStatus()).rows();
    expect(rows[0]).toBe(
      `${title} | Last whole backup 3 minutes ago; newer photos are not backed up. | updated 3 hours ago`,
    );
    expect(rows.join("\n")).not.toMatch(/Backing Up|IMG_1|in the queue|All 48,212/);
    expect(rows).toContain("48,212 of 48,212 photos backed up when last counted");
  });

  it.each<[Partial<Status>, RegExp]>([
    [{ activity: "starting" }, /^Starting \|/],
    [{ activity: "scanning" }, /^Looking for New Photos \| No photos counted yet \|/],
    [{ activity: "uploading" }, /^Backing Up \| No photos counted yet \|/],
    [{ activity: "uploading", queue: { photos: 2, bytes: 9 } }, /^Backing Up \| 2 photos to go \|/],
    [{ activity: "waiting" }, /^Waiting \|/],
    [{ activity: "paused" }, /^Paused \| Nothing is uploaded/],
    [{ activity: "idle" }, /^No photos counted yet \| Waiting for the next look/],
    [{ activity: "idle", lastScan: minutesAgo(1) }, /^0 of 0 photos backed up \| Waiting for the next look/],
    [{ activity: "idle", lastBackup: minutesAgo(1) }, /^No Photos Found/],
    [
      { activity: "idle", counts: { ...noCounts, onDisk: 3, failed: 1, deferred: 2 } },
      /^0 of 3 .* \| 1 photo failed, 2 photos left for later/,
    ],
    [{ health: { code: "bucket-missing", since: minutesAgo(1) } }, /^Bucket Not Found \| There is no bucket/],
    [
      { health: { code: "timeout", since: minutesAgo(1), nextTryAt: new Date(Date.now() + 130_000).toISOString() } },
      /^No Answer \| .* Next try in 2 minutes/,
    ],
    [{ health: { code: "from-the-future", since: minutesAgo(1) } }, /^Unknown Error/],
  ])("tells %j in words", async (status, words) => {
    const world = createUiWorld();
    withFolder(world);
    world.liveStatus(status);
    expect((await showStatus()).rows()[0]).toMatch(words);
  });

  it("leads to the form when nothing was chosen yet", async () => {
    createUiWorld();
    const screen = await showStatus();
    expect(screen.rows()[0]).toBe("No Folder Chosen | Choose folders with Back Up Folder.");
    expect(screen.actions()[0]).toBe("Back Up Folder");
    await screen.run("Back Up Folder");
    await screen.until((now) => now.all("Form.FilePicker").length === 1);
  });

  it.each<[string, Partial<Status>, string]>([
    ["a photo failed", { counts: { ...noCounts, onDisk: 3, failed: 1 } }, "View Failures"],
    ["the key is refused", { health: { code: "credentials-refused", since: minutesAgo(1) } }, "Open Preferences"],
    ["the bucket is gone", { health: { code: "bucket-missing", since: minutesAgo(1) } }, "Choose Bucket"],
    ["nothing is wrong", {}, "Back Up Now"],
  ])("puts on Enter what mends it when %s, and never what stops it", async (_, status, title) => {
    const world = createUiWorld();
    withFolder(world);
    world.liveStatus(status);
    expect((await showStatus()).actions()[0]).toBe(title);
  });

  it("adds another folder with the form", async () => {
    const world = createUiWorld();
    withFolder(world);
    const screen = await showStatus();
    await screen.run("Back Up Another Folder");
    await screen.until((now) => now.all("Form.FilePicker").length === 1);
  });

  it("shows a folder's trouble with what mends it", async () => {
    const world = createUiWorld();
    const path = withFolder(world);
    world.liveStatus({ folders: [{ path, label: "Summer", state: "folder-permission", onDisk: 0, backedUp: 0 }] });
    const rows = (await showStatus()).rows();
    expect(rows.find((row) => row.startsWith("Summer"))).toMatch(
      /does not let the helper read.*Privacy & Security.*\| Needs Permission$/,
    );
  });

  it("says which file could not be read, beside what could be", async () => {
    const world = createUiWorld();
    world.settings({ version: 2 as 1 });
    world.liveStatus({});
    const rows = (await showStatus()).rows();
    expect(rows[0]).toMatch(/^Written by a Newer Version \|/);
    expect(rows.length).toBeGreaterThan(3);
  });

  it("follows the status file while it is open", async () => {
    const world = createUiWorld();
    const path = withFolder(world);
    world.liveStatus({ activity: "scanning" });
    const screen = await showStatus();
    expect(screen.rows()[0]).toMatch(/^Looking for New Photos/);
    world.liveStatus(allBackedUp(path));
    await screen.until((now) => now.rows()[0]?.startsWith("All 48,212") ?? false);
  });
});
