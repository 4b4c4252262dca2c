import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { FailuresFile } from "../../helper/state/files/failures.ts";
import type { ReasonCode } from "../../helper/state/errors/reasons.ts";
import { toneIcons } from "../../src/palette.ts";
import ViewFailures from "../../src/view-failures.tsx";
import { raycast } from "../support/raycast-stub/recorder.ts";
import { someDestination, someStatus } from "../support/state/samples.ts";
import { show, type Screen } from "./harness/screen.tsx";
import { createUiWorld, minutesAgo } from "./harness/ui-world.ts";

type Photo = FailuresFile["photos"][number];

function photo(path: string, code: string, changes: Partial<Photo> = {}): Photo {
  return { path, code, kind: "failed", attempts: 1, firstAt: minutesAgo(9), lastAt: minutesAgo(3), ...changes };
}

const cause = (code: ReasonCode, folder?: string) => ({ code, folder, photos: 12, since: minutesAgo(60) });

async function showFailures(): Promise<Screen> {
  const screen = await show(<ViewFailures />);
  await screen.until((now) => !now.isLoading());
  return screen;
}

describe("View Failures", { timeout: 30_000 }, () => {
  it("shows loading and no good news before the file is read", async () => {
    const world = createUiWorld();
    world.failures({});
    world.liveStatus({});
    const screen = await show(<ViewFailures />);
    if (screen.isLoading()) expect(screen.emptyView()).toBeUndefined();
    await screen.until((now) => !now.isLoading());
    expect(screen.emptyView()).toMatch(/^No Failures/);
  });

  it("has one row a photo with the reason, what mends it, and its attempts", async () => {
    const world = createUiWorld();
    world.liveStatus({});
    world.failures({
      total: 2,
      photos: [
        photo("/p/a/IMG_1.jpg", "empty-file", { attempts: 3 }),
        photo("/p/b/IMG_2.heic", "in-icloud", { kind: "deferred", attempts: 0 }),
      ],
    });
    const screen = await showFailures();
    expect(screen.rows()).toEqual([
      "IMG_1.jpg | Empty File: The file has no bytes in it. Replace it by a whole copy, delete it, or back it up anyway. | tried 3 times, 3 minutes ago",
      "IMG_2.heic | Only in iCloud: This photo is not on this Mac, only in iCloud. Download it in Finder; it is then backed up by itself. | not tried",
    ]);
  });

  it("puts what holds the whole run first, then folders, then photos", async () => {
    const world = createUiWorld();
    world.liveStatus({});
    world.failures({
      total: 1,
      causes: [cause("volume-offline", "/Volumes/Old"), cause("credentials-refused")],
      photos: [photo("/p/IMG_1.jpg", "read-error")],
    });
    const rows = (await showFailures()).rows();
    expect(rows.map((row) => row.split(" | ")[0])).toEqual(["Access Key Refused", "Old: Volume Offline", "IMG_1.jpg"]);
    expect(rows[0]).toMatch(/12 photos \| since 1 hour ago$/);
  });

  it.each<[ReasonCode, string, () => unknown]>([
    ["credentials-refused", "Open Preferences", () => raycast.preferencesOpened === 1],
    ["bucket-missing", "Choose Bucket", () => raycast.launched.includes("list-buckets")],
    ["no-consent", "Agree in Back Up Folder", () => raycast.launched.includes("back-up-folder")],
    ["no-folders", "Choose Folder", () => raycast.launched.includes("back-up-folder")],
    ["folder-permission", "Open Privacy Settings", () => raycast.opened[0]?.includes("Privacy_FilesAndFolders")],
    ["in-icloud", "Show in Finder", () => raycast.opened[0] === "/p/x"],
  ])("offers for %s first of all: %s", async (code, title, happened) => {
    const world = createUiWorld();
    world.failures({ causes: [cause(code, "/p/x")] });
    const screen = await showFailures();
    expect(screen.actions()[0]).toBe(title);
    await screen.run(title);
    expect(happened()).toBe(true);
  });

  it.each<ReasonCode>(["empty-file", "all-zeros"])("offers for %s first of all to back it up anyway", async (code) => {
    const world = createUiWorld();
    world.failures({ total: 1, photos: [photo("/p/x.jpg", code)] });
    const screen = await showFailures();
    expect(screen.actions()[0]).toBe("Back Up Anyway");
    expect(screen.actions()).toContain("Show in Finder");
    await screen.run("Back Up Anyway");
    expect(await world.requests()).toEqual([{ kind: "back-up-anyway", paths: ["/p/x.jpg"] }]);
  });

  it.each<ReasonCode>(["network-down", "keychain-locked", "volume-offline", "disk-full", "quota-exceeded", "unknown"])(
    "offers for %s what there is for every failure, since its words say what to do",
    async (code) => {
      const world = createUiWorld();
      world.failures({ total: 1, photos: [photo("/p/x.jpg", code)] });
      expect((await showFailures()).actions()).toEqual(["Retry", "Retry All", "Show in Finder", "Copy Details"]);
    },
  );

  it("asks the helper to retry one photo, or all", async () => {
    const world = createUiWorld();
    world.liveStatus({});
    world.failures({ total: 2, photos: [photo("/p/1.jpg", "read-error"), photo("/p/2.jpg", "read-error")] });
    const screen = await showFailures();
    await screen.run("Retry", "2.jpg");
    await screen.until(() => raycast.toasts.length === 1);
    await screen.run("Retry All", "2.jpg");
    await screen.until(() => raycast.toasts.length === 2);
    expect(await world.requests()).toEqual([{ kind: "retry", paths: ["/p/2.jpg"] }, { kind: "retry-all" }]);
    expect(raycast.toasts.map(({ style }) => style)).toEqual(["success", "success"]);
  });

  it("says so when nobody is there to retry", async () => {
    const world = createUiWorld();
    world.failures({ total: 1, photos: [photo("/p/1.jpg", "read-error")] });
    const screen = await showFailures();
    await screen.run("Retry");
    await screen.until(() => raycast.toasts.length === 1);
    expect(raycast.toasts[0]).toMatchObject({ style: "failure", title: "Helper Is Not Running" });
  });

  it("copies the details as they are in the file", async () => {
    const world = createUiWorld();
    const failure = photo("/p/1.jpg", "read-error", { detail: "EIO" });
    world.failures({ total: 1, photos: [failure] });
    const screen = await showFailures();
    await screen.run("Copy Details");
    expect(JSON.parse(raycast.clipboard[0] ?? "")).toEqual(failure);
  });

  it("tells how many more there are than it lists, by reason", async () => {
    const world = createUiWorld();
    world.failures({
      total: 5_301,
      totalsByCode: { "read-error": 5_001, timeout: 300 },
      photos: [photo("/p/1.jpg", "read-error")],
    });
    const screen = await showFailures();
    expect(screen.rows()[1]).toBe("5,300 more | 5,001 Disk Read Error, 300 No Answer");
    expect(screen.actions("5,300 more")).toEqual(["Retry All", "Copy Details"]);
  });

  it("shows a code that this version doesn't know with its name", async () => {
    const world = createUiWorld();
    world.failures({ total: 1, photos: [photo("/p/1.jpg", "from-the-future")] });
    expect((await showFailures()).rows()[0]).toMatch(/Unknown Error: .*/);
  });

  it("says that everything is backed up only when that is known", async () => {
    const world = createUiWorld();
    const path = world.folder("Summer");
    const folders = [{ path, label: "Summer", state: "ok", onDisk: 25, backedUp: 25 }];
    world.settings({ destination: someDestination, folders: [{ path, label: "Summer", addedAt: minutesAgo(99) }] });
    const counts = { ...someStatus().counts, onDisk: 25, backedUp: 25 };
    world.failures({});
    const whole = { destination: someDestination, folders, counts, lastScan: minutesAgo(2), lastBackup: minutesAgo(1) };
    world.liveStatus(whole);
    const screen = await showFailures();
    expect(screen.emptyView()).toBe("No Failures | All 25 photos backed up.");
    world.liveStatus({ ...whole, counts: { ...counts, onDisk: 30, waiting: 5 } });
    await screen.until((now) => now.emptyView() === "No Failures | 25 of 30 photos backed up.");
    world.status(whole);
    await screen.until((now) => now.emptyView()?.includes("Nothing failed as far as is known. Helper Is Not") ?? false);
  });

  it("shows no green while the service does not answer, although nothing failed", async () => {
    const world = createUiWorld();
    world.failures({});
    world.liveStatus({ health: { code: "throttled", since: minutesAgo(1), nextTryAt: minutesAgo(-5) } });
    const screen = await showFailures();
    expect(screen.emptyView()).toMatch(
      /^No Failures \| Nothing failed as far as is known\. Slowed Down by the Service: .*Next try in 5 minutes\.$/,
    );
    expect(screen.all("List.EmptyView")[0]).toMatchObject({ icon: toneIcons.waiting });
  });

  it("offers no Finder for a photo that is nowhere any more, but its path", async () => {
    const world = createUiWorld();
    world.failures({ total: 1, photos: [photo("/p/gone.jpg", "gone-from-bucket")] });
    const screen = await showFailures();
    expect(screen.actions()).toEqual(["Retry", "Retry All", "Copy Path", "Copy Details"]);
    await screen.run("Copy Path");
    expect(raycast.clipboard).toEqual(["/p/gone.jpg"]);
  });

  it("has other words when no backup ever ran", async () => {
    createUiWorld();
    const screen = await showFailures();
    expect(screen.emptyView()).toMatch(/^No Backup Yet \| The helper has not run yet/);
    expect(screen.actions()).toEqual(["Show Status", "Back Up Folder"]);
    await screen.run("Show Status");
    await screen.run("Back Up Folder");
    expect(raycast.launched).toEqual(["show-status", "back-up-folder"]);
  });

  it.each([
    ["is damaged", "{", /^Failures Not Readable \| .*not known what failed/],
    ["is of a newer version", '{"version":2}', /^Written by a Newer Version/],
  ])("never says that nothing failed when the list %s", async (_, content, words) => {
    const world = createUiWorld();
    writeFileSync(world.paths.failures, content);
    const screen = await showFailures();
    expect(screen.emptyView()).toMatch(words);
    expect(screen.actions()).toEqual(["Retry", "Copy Details"]);
    world.failures({ total: 1, photos: [photo("/p/1.jpg", "read-error")] });
    await screen.run("Retry");
    await screen.until((now) => now.rows().length === 1);
  });
});
