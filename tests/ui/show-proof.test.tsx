import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Verification } from "../../helper/state/files/verification.ts";
import { destinationId } from "../../helper/state/files/destination-id.ts";
import BackupMenuBar from "../../src/backup-menu-bar.tsx";
import ShowStatus from "../../src/show-status.tsx";
import { menuBarIcons } from "../../src/palette.ts";
import { raycast } from "../support/raycast-stub/recorder.ts";
import { someDestination, someStatus } from "../support/state/samples.ts";
import { somePresence, someReading } from "./harness/proof-samples.ts";
import { show } from "./harness/screen.tsx";
import { allBackedUp, withFolder } from "./harness/status-samples.ts";
import { createUiWorld, minutesAgo } from "./harness/ui-world.ts";

async function rowsOf(view: React.ReactElement): Promise<string[]> {
  const screen = await show(view);
  await screen.until((now) => !now.isLoading());
  return screen.rows();
}

const provenRow = (rows: string[]) => rows.find((row) => row.startsWith("Last Proven Restorable"));

describe("the last proof", { timeout: 30_000 }, () => {
  it("says that nothing was compared yet", async () => {
    const world = createUiWorld();
    world.liveStatus(allBackedUp(withFolder(world)));
    expect(provenRow(await rowsOf(<ShowStatus />))).toBe(
      "Last Proven Restorable | The bucket has not been compared with what was backed up yet | never",
    );
  });

  it.each<[string, Pick<Verification, "presence" | "reading">, string]>([
    ["a listing alone", { presence: somePresence() }, "100 % there by listing, no bytes read yet"],
    [
      "a listing, and some bytes before",
      { presence: somePresence(), reading: someReading() },
      "100 % there by listing, 5 % of the bytes read 10 days ago",
    ],
    [
      "a sample",
      { presence: somePresence({ method: "sample", present: 1_000 }) },
      "2 % there by sample, no bytes read yet",
    ],
    [
      "losses, which are never rounded away",
      { presence: somePresence({ present: 47_999, missing: 1 }) },
      "99.9 % there by listing, 1 gone, no bytes read yet",
    ],
    [
      "changes and what is unclear",
      { presence: somePresence({ present: 24_000, changed: 23_990, unproved: 10 }) },
      "50 % there by listing, 23,990 changed, 10 unclear, no bytes read yet",
    ],
    [
      "bytes that were wrong",
      { presence: somePresence(), reading: someReading({ proved: 2_398 }) },
      "100 % there by listing, 5 % of the bytes read, 2 of them wrong 10 days ago",
    ],
  ])("claims no more than was proved by %s", async (_, verification, words) => {
    const world = createUiWorld();
    world.liveStatus(allBackedUp(withFolder(world)));
    world.verification(verification);
    expect(provenRow(await rowsOf(<ShowStatus />))).toBe(`Last Proven Restorable | ${words} | 3 days ago`);
  });

  it("is not of photos that were backed up since", async () => {
    const world = createUiWorld();
    world.liveStatus({ ...allBackedUp(withFolder(world)), recorded: 96_000 });
    world.verification({ presence: somePresence() });
    expect(provenRow(await rowsOf(<ShowStatus />))).toContain("50 % there by listing");
  });

  it("is never one of another bucket, nor of a file that can't be read", async () => {
    const world = createUiWorld();
    const path = withFolder(world);
    world.verification({ presence: somePresence() });
    world.liveStatus({ ...allBackedUp(path), destination: { ...someDestination, bucket: "other" } });
    expect(provenRow(await rowsOf(<ShowStatus />))).toMatch(/never$/);
    world.liveStatus(allBackedUp(path));
    writeFileSync(join(world.paths.stateDir, "verification", `${destinationId(someDestination)}.json`), "{");
    expect(provenRow(await rowsOf(<ShowStatus />))).toMatch(/never$/);
  });

  it("stands beside the last backup in the menu bar", async () => {
    const world = createUiWorld();
    world.liveStatus(allBackedUp(withFolder(world)));
    world.verification({ presence: somePresence() });
    const rows = await rowsOf(<BackupMenuBar />);
    const at = rows.indexOf("Last backup: 3 min ago");
    expect(rows[at + 1]).toBe("Last proven restorable: 3 days ago | 100 % there by listing, no bytes read yet");
  });
});

describe("photos that are no longer in the bucket", { timeout: 30_000 }, () => {
  it("invariant 1: are not called backed up before they are sent again", async () => {
    const world = createUiWorld();
    world.liveStatus({ ...allBackedUp(withFolder(world)), lost: 2 });
    const rows = await rowsOf(<ShowStatus />);
    expect(rows.join("\n")).not.toMatch(/All 48,212/);
    expect(rows[0]).toMatch(/\| 2 photos gone from the bucket \|/);
    expect(rows).toContain("2 photos gone from the bucket | To be sent again from this Mac.");
    expect((await rowsOf(<BackupMenuBar />)).join("\n")).not.toMatch(/All 48,212/);
  });

  it("and not on this Mac either are told beside the counts, which are of photos on disk", async () => {
    const world = createUiWorld();
    world.liveStatus(allBackedUp(withFolder(world)));
    world.failures({ total: 4, totalsByCode: { "gone-from-bucket": 2, "changed-in-bucket": 1, "read-error": 1 } });
    const rows = await rowsOf(<ShowStatus />);
    const said = /3 minutes ago, but 3 photos lost in the bucket and on this Mac/;
    expect(rows[0]).toMatch(said);
    expect((await rowsOf(<BackupMenuBar />))[0]).toMatch(said);
    expect(rows).toContain(
      "3 photos lost in the bucket and on this Mac | Put a copy back where it was, and it is sent again. View Failures tells which.",
    );
  });

  it("and not on this Mac either are trouble beside other counts too, and lead to View Failures", async () => {
    const world = createUiWorld();
    const counts = { ...someStatus().counts, onDisk: 0, backedUp: 0 };
    world.liveStatus({ ...allBackedUp(withFolder(world)), counts });
    world.failures({ total: 2, totalsByCode: { "gone-from-bucket": 2 } });
    const screen = await show(<ShowStatus />);
    await screen.until((now) => !now.isLoading());
    expect(screen.rows()[0]).toMatch(/^0 of 0 photos backed up \| 2 photos lost in the bucket and on this Mac \|/);
    expect(screen.actions()[0]).toBe("View Failures");
    const menu = await show(<BackupMenuBar />);
    await menu.until((now) => !now.isLoading());
    expect(menu.all("MenuBarExtra")[0]).toMatchObject({ icon: menuBarIcons.attention });
    const item = menu
      .all("MenuBarExtra.Item")
      .find(({ title }) => title === "2 photos lost in the bucket and on this Mac");
    (item as { onAction: () => void }).onAction();
    expect(raycast.launched).toEqual(["view-failures"]);
  });
});

describe("uploads in parts that the access key may not abort", { timeout: 30_000 }, () => {
  it.each([
    [0, undefined],
    [1, "1 unfinished upload left in the bucket"],
    [2, "2 unfinished uploads left in the bucket"],
  ])("%i of them are told, with what ends them", async (count, title) => {
    const world = createUiWorld();
    world.liveStatus(allBackedUp(withFolder(world)));
    const left = Array.from({ length: count }, (_, at) => ({ key: `photos/${at}.mov`, uploadId: `${at}` }));
    const content = { version: 1, destinations: {}, left: { [destinationId(someDestination)]: left } };
    writeFileSync(world.paths.multipart, JSON.stringify(content));
    const told = (await rowsOf(<ShowStatus />)).find((row) => row.includes("unfinished"));
    expect(told?.split(" | ")[0]).toBe(title);
    if (title) expect(told).toMatch(/No photo is missing for it.*s3:AbortMultipartUpload/);
  });
});

describe("what keeps photos from being overwritten", { timeout: 30_000 }, () => {
  it.each([
    ["honored", "The bucket itself refuses to overwrite."],
    ["ignored", "The bucket would overwrite, so it is asked before every upload."],
    ["refused", "The bucket would overwrite, so it is asked before every upload."],
    ["unknown", "Not tried yet whether the bucket itself refuses; it is asked before every upload."],
  ] as const)("is said where the bucket has %s it", async (conditionalWrites, words) => {
    const world = createUiWorld();
    world.liveStatus(allBackedUp(withFolder(world)));
    world.capabilities({ conditionalWrites });
    expect(await rowsOf(<ShowStatus />)).toContain(`Never Overwritten | ${words}`);
  });
});

describe("the catalogue in the bucket", { timeout: 30_000 }, () => {
  it("is said to be there only once a piece was stored, with the time of the newest", async () => {
    const world = createUiWorld();
    world.liveStatus(allBackedUp(withFolder(world)));
    const row = (rows: string[]) => rows.find((each) => each.startsWith("Catalogue in the Bucket"));
    expect(row(await rowsOf(<ShowStatus />))).toBe(
      "Catalogue in the Bucket | Not stored yet; it comes within minutes of the first photos.",
    );
    const catalogue = { storedAt: minutesAgo(5), pieces: 3 };
    world.liveStatus({ ...allBackedUp(withFolder(world)), catalogue });
    expect(row(await rowsOf(<ShowStatus />))).toBe(
      "Catalogue in the Bucket | Every path, date and older version, readable without this Mac. | 5 minutes ago",
    );
  });
});
