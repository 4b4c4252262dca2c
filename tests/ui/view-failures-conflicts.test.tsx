import { describe, expect, it } from "vitest";
import type { FailuresFile } from "../../helper/state/files/failures.ts";
import ViewFailures from "../../src/view-failures.tsx";
import { raycast } from "../support/raycast-stub/recorder.ts";
import { show, type Screen } from "./harness/screen.tsx";
import { createUiWorld, minutesAgo } from "./harness/ui-world.ts";

function photo(path: string, code: string): FailuresFile["photos"][number] {
  return { path, code, kind: "failed", attempts: 1, firstAt: minutesAgo(9), lastAt: minutesAgo(3) };
}

async function showFailures(): Promise<Screen> {
  const screen = await show(<ViewFailures />);
  await screen.until((now) => !now.isLoading());
  return screen;
}

describe("resolved conflicts", { timeout: 30_000 }, () => {
  const conflict = {
    path: "/p/Roll/a.jpg",
    s3Key: "photos/Roll/a.1f2e3d4c.jpg",
    conflictsWith: ["photos/Roll/a.jpg"],
  };
  const words = "a.jpg | is photos/Roll/a.1f2e3d4c.jpg, beside photos/Roll/a.jpg | both kept";

  it("stand behind the failures with both keys, and which is where", async () => {
    const world = createUiWorld();
    world.helper.answer("failures", { conflictsTotal: 1, conflicts: [conflict] });
    world.failures({ total: 1, photos: [photo("/p/1.jpg", "read-error")] });
    const screen = await showFailures();
    await screen.until((now) => now.rows().length === 2);
    expect(screen.rows()[1]).toBe(words);
    expect(screen.all("List.Section").at(-1)).toMatchObject({
      title: "1 Resolved Conflict",
      subtitle: "Something else had these names in the bucket. Both are kept, there is nothing to do.",
    });
    expect(screen.actions("a.jpg")).toEqual(["Show in Finder", "Copy Key", "Copy Details"]);
    await screen.run("Copy Key", "a.jpg");
    expect(raycast.clipboard).toEqual([conflict.s3Key]);
    expect(world.helper.calls("failures").length).toBeGreaterThan(0);
  });

  it("that come about while the list is open are in it soon", async () => {
    const world = createUiWorld();
    world.helper.answer("failures", { conflictsTotal: 0, conflicts: [] });
    world.failures({});
    world.liveStatus({});
    const screen = await showFailures();
    await screen.until(() => world.helper.calls("failures").length > 0);
    world.helper.answer("failures", { conflictsTotal: 1, conflicts: [conflict] });
    world.liveStatus({ lastUpload: minutesAgo(0) });
    await screen.until((now) => now.rows().includes(words));
  });

  it("beyond the first hundred are asked for when the list is scrolled to its end, and so are failures", async () => {
    const world = createUiWorld();
    const many = Array.from({ length: 150 }, (_, at) => ({ ...conflict, path: `/p/Roll/${at}.jpg` }));
    const failed = Array.from({ length: 130 }, (_, at) => photo(`/p/${at}.jpg`, "read-error"));
    const list = (most: number) => ({
      photos: failed.slice(0, most),
      conflictsTotal: many.length,
      conflicts: many.slice(0, most),
    });
    world.helper.answer("failures", list(100));
    world.failures({ total: 130, photos: failed.slice(0, 3) });
    const screen = await showFailures();
    await screen.until((now) => now.rows().length === 100 + 1 + 100 + 1);
    const { pagination } = screen.all("List")[0] as { pagination: { hasMore: boolean; onLoadMore: () => void } };
    expect(pagination.hasMore).toBe(true);
    world.helper.answer("failures", list(200));
    pagination.onLoadMore();
    await screen.until((now) => now.rows().length === 130 + 150);
    expect(world.helper.calls("failures").at(-1)?.argv).toContain("200");
    expect(screen.all("List")[0]).toMatchObject({ pagination: { hasMore: false } });
  });

  it("and failures are all asked for by a search: Raycast looks through the rows it has", async () => {
    const world = createUiWorld();
    const failed = Array.from({ length: 450 }, (_, at) => photo(`/p/${at}.jpg`, "read-error"));
    const list = (most: number) => ({ photos: failed.slice(0, most), conflictsTotal: 0, conflicts: [] });
    world.helper.answer("failures", list(100));
    world.failures({ total: 450, photos: failed.slice(0, 200) });
    const screen = await showFailures();
    await screen.until(() => world.helper.calls("failures").length === 1);
    world.helper.answer("failures", list(2_000));
    const view = screen.all("List")[0] as { filtering: boolean; onSearchTextChange: (text: string) => void };
    expect(view.filtering).toBe(true);
    view.onSearchTextChange("449");
    await screen.until((now) => now.rows().length === 450);
    expect(world.helper.calls("failures").at(-1)?.argv).toContain("2000");
  });

  it("are no failures: the good news stays above them, as a row", async () => {
    const world = createUiWorld();
    world.helper.answer("failures", { conflictsTotal: 301, conflicts: [conflict] });
    world.failures({});
    world.liveStatus({});
    const screen = await showFailures();
    await screen.until((now) => now.rows().length === 3);
    expect(screen.emptyView()).toBeUndefined();
    expect(screen.rows()[0]).toMatch(/^No Failures \| /);
    expect(screen.rows().slice(1)).toEqual([words, "300 more | `failures --page` in a terminal lists them all."]);
  });

  it("that cannot be asked for are not called none", async () => {
    const world = createUiWorld();
    const error = {
      code: "newer-schema",
      title: "Written by a Newer Version",
      what: "It is newer.",
      mend: "Update.",
    };
    world.helper.answer("failures", { error }, 4);
    world.failures({});
    world.liveStatus({});
    const screen = await showFailures();
    await screen.until((now) => now.rows().length === 2);
    expect(screen.rows()[1]).toBe("Not Known | Written by a Newer Version: It is newer. Update.");
    world.helper.answer("failures", { conflictsTotal: 1, conflicts: [conflict] });
    await screen.run("Retry", "Not Known");
    await screen.until((now) => now.rows().includes(words));
  });
});
