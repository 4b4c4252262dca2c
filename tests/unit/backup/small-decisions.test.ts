import type { Stats } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nextPhotoTryAt } from "../../../helper/backup/backoff.ts";
import type { Candidate } from "../../../helper/backup/candidate.ts";
import { relativePathOf } from "../../../helper/backup/candidate.ts";
import { chooseLabel } from "../../../helper/backup/choose-label.ts";
import { isUnchanged } from "../../../helper/backup/is-unchanged.ts";
import { KeyTurns } from "../../../helper/backup/key-turns.ts";
import { ledgerEntryFor } from "../../../helper/backup/ledger-entry-for.ts";
import { ReadAheadBudget } from "../../../helper/backup/read-ahead-budget.ts";
import { isInICloud, isSettled, settleMs, staysSame } from "../../../helper/backup/settling.ts";
import type { PhotoContent } from "../../../helper/backup/read-photo.ts";
import { translateFolderError } from "../../../helper/backup/translate-file-error.ts";
import { checkEntry } from "../../../helper/state/ledger/check-entry.ts";

const someCandidate: Candidate = {
  path: "/pictures/a.jpg",
  folder: { path: "/pictures", root: "/pictures", label: "pictures" },
  sizeBytes: 5,
  mtimeMs: 1_700_000_000_000.5,
  ctimeMs: 1_700_000_000_001,
  inode: 7,
  countedBytes: 5,
  isInICloud: false,
};

describe("a folder's label", () => {
  test("is its name, and the same folder keeps it", () => {
    expect(chooseLabel("/Users/jo/Pictures", {})).toBe("Pictures");
    expect(chooseLabel("/Users/jo/Pictures", { "/Users/jo/Pictures": "Pictures-2" })).toBe("Pictures-2");
    expect(chooseLabel("/Users/jo/cafe\u0301", {})).toBe("caf\u00e9");
    expect(chooseLabel("/", {})).toBe("root");
  });

  test("is made unique among all ever given, whatever the case or Unicode form", () => {
    expect(chooseLabel("/b/Pictures", { "/a/Pictures": "Pictures" })).toBe("Pictures-2");
    expect(chooseLabel("/c/PICTURES", { "/a/Pictures": "Pictures", "/b/Pictures": "pictures-2" })).toBe("PICTURES-3");
    expect(chooseLabel("/b/cafe\u0301", { "/a": "CAF\u00c9" })).toBe("caf\u00e9-2");
  });

  test("never takes the place of the catalogue, nor the name of an object's property", () => {
    expect(chooseLabel("/a/.photolala", {})).toBe("photolala");
    expect(chooseLabel("/a/.Photolala", {}).toLowerCase()).not.toBe(".photolala");
    expect(chooseLabel("/a/constructor", {})).toBe("constructor");
  });

  test("is unique, one segment of a key, and at most 255 bytes, for any names", () => {
    const name = fc
      .oneof(
        fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 }),
        fc.constantFrom("a", "A", "a-2", ".photolala"),
      )
      .filter((text) => !/[/\0]/.test(text) && ![".", ".."].includes(text));
    fc.assert(
      fc.property(fc.array(name, { maxLength: 30 }), (names) => {
        const labels: Record<string, string> = {};
        for (const [index, given] of names.entries())
          labels[`/${index}/${given}`] = chooseLabel(`/${index}/${given}`, labels);
        const all = Object.values(labels);
        expect(new Set(all.map((label) => label.normalize("NFC").toLowerCase())).size).toBe(all.length);
        for (const label of all) {
          expect(label).not.toMatch(/\/|^\.{0,2}$/);
          expect(Buffer.byteLength(label)).toBeLessThanOrEqual(255);
        }
      }),
    );
  });
});

test("a key's path is the one inside the chosen folder, even of the root and of a folder inside", () => {
  const within = (root: string, path: string) =>
    relativePathOf({ ...someCandidate, path, folder: { path: root, root, label: "x" } });
  expect(within("/pictures", "/pictures/2024/a.jpg")).toBe("2024/a.jpg");
  expect(within("/", "/a.jpg")).toBe("a.jpg");
});

describe("a photo is known as it is", () => {
  const entry = { uploadedAt: "2026-01-01T00:00:00.000Z", size: 5, s3Key: "k", mtimeMs: 1_700_000_000_000.5 };
  test.each([
    ["the same size and time", entry, true],
    ["another size", { ...entry, size: 6 }, false],
    ["another time, by less than a millisecond", { ...entry, mtimeMs: 1_700_000_000_000.25 }, false],
    ["an entry without a time, as other programs write it", { ...entry, mtimeMs: undefined }, false],
    ["no entry", undefined, false],
  ])("with %s: %s", (_, known, expected) => {
    expect(isUnchanged(known as never, someCandidate)).toBe(expected);
  });
});

describe("a file has settled", () => {
  const now = 1_000_000;
  test.each([
    ["long after its last write", now - 60_000, now - 60_000, true],
    ["just now", now - 100, now - 100, false],
    ["written long ago, but copied here just now", now - 60_000, now - 100, false],
    ["exactly long enough ago", now - settleMs, now - settleMs, true],
    ["with a time in the future", now + 60_000, now - 60_000, false],
  ])("%s: %d %d is %s", (_, mtimeMs, ctimeMs, expected) => {
    expect(isSettled({ mtimeMs, ctimeMs }, now)).toBe(expected);
  });

  test("only when nothing of it changed", () => {
    const stats = { size: 5, mtimeMs: someCandidate.mtimeMs, ctimeMs: someCandidate.ctimeMs, ino: 7 } as Stats;
    expect(staysSame(someCandidate, stats)).toBe(true);
    for (const change of [{ size: 6 }, { mtimeMs: 1 }, { ctimeMs: 1 }, { ino: 8 }]) {
      expect(staysSame(someCandidate, { ...stats, ...change } as Stats)).toBe(false);
    }
  });

  test("a placeholder in iCloud has a size and no blocks, on macOS only", () => {
    const stats = { size: 5, blocks: 0 } as Stats;
    expect(isInICloud(stats, "darwin")).toBe(true);
    expect(isInICloud(stats, "linux")).toBe(false);
    expect(isInICloud({ size: 5, blocks: 8 } as Stats, "darwin")).toBe(false);
    expect(isInICloud({ size: 0, blocks: 0 } as Stats, "darwin")).toBe(false);
  });
});

describe("the ledger's entry", () => {
  const photo = { sha256Hex: "a".repeat(64), sizeBytes: 5, contentType: "image/jpeg" } as PhotoContent;
  const now = Date.parse("2026-11-22T12:00:00Z");
  const entryOf = (changes: object = {}) =>
    ledgerEntryFor({
      candidate: someCandidate,
      photo,
      place: { key: "photos/a.jpg", sent: true, taken: [] },
      original: undefined,
      leftBehind: [],
      condemned: [],
      old: undefined,
      now,
      ...changes,
    });

  test("is one that the ledger takes, with everything a later look needs", () => {
    expect(checkEntry(entryOf({ place: { key: "photos/a.jpg", etag: "e", sent: true, taken: [] } }))).toBe(true);
    expect(entryOf()).toEqual({
      ...{ uploadedAt: "2026-11-22T12:00:00.000Z", size: 5, s3Key: "photos/a.jpg", sha256: "a".repeat(64) },
      ...{ mtimeMs: someCandidate.mtimeMs, ctimeMs: someCandidate.ctimeMs, inode: 7, proof: "uploaded" },
    });
  });

  test("invariant 4: keeps every older version's key, oldest first, and none twice", () => {
    const first = entryOf();
    const second = entryOf({ old: first, place: { key: "photos/a.1.jpg", sent: true, taken: [] } });
    const third = entryOf({ old: second, place: { key: "photos/a.2.jpg", sent: true, taken: [] } });
    expect(third.previous?.map(({ s3Key }) => s3Key)).toEqual(["photos/a.jpg", "photos/a.1.jpg"]);
    const reverted = entryOf({ old: third, place: { key: "photos/a.jpg", sent: false, taken: [] } });
    expect(reverted.s3Key).toBe("photos/a.jpg");
    expect(reverted.previous?.map(({ s3Key }) => s3Key)).toEqual(["photos/a.1.jpg", "photos/a.2.jpg"]);
    expect(checkEntry(reverted)).toBe(true);
  });

  test("of a photo that was missing and is back no longer says so", () => {
    expect(entryOf({ old: { ...entryOf(), missingSince: "2026-01-01T00:00:00.000Z" } })).not.toHaveProperty(
      "missingSince",
    );
  });
});

describe("what is waited for", () => {
  test("invariant 8: a photo is tried again at growing distances, and in the end no more", () => {
    const waits = Array.from({ length: 9 }, (_, i) => nextPhotoTryAt(i + 1, 0)).map(
      (at) => at && Date.parse(at) / 60_000,
    );
    expect(waits).toEqual([1, 5, 30, 120, 360, 720, 1440, undefined, undefined]);
    expect(nextPhotoTryAt(0, 0)).toBeUndefined();
  });

  test("one photo at a time has a key, and a failure lets the next one go on", async () => {
    const turns = new KeyTurns();
    const order: string[] = [];
    const gate = Promise.withResolvers<void>();
    const first = turns.run("k", async () => {
      await gate.promise;
      order.push("first");
      throw new Error("failed");
    });
    const second = turns.run("k", async () => void order.push("second"));
    await turns.run("other", async () => void order.push("other"));
    gate.resolve();
    await expect(first).rejects.toThrow("failed");
    await second;
    expect(order).toEqual(["other", "first", "second"]);
  });

  test("memory is handed out in turn, and a photo larger than all of it is alone", async () => {
    const budget = new ReadAheadBudget(10);
    const granted: string[] = [];
    const take = (name: string, bytes: number) => budget.take(bytes).then((give) => (granted.push(name), give));
    const giveSmall = await take("small", 4);
    const large = take("large", 100);
    const late = take("late", 1);
    await Promise.resolve();
    expect(granted).toEqual(["small"]);
    giveSmall();
    const giveLarge = await large;
    expect(granted).toEqual(["small", "large"]);
    giveLarge();
    (await late)();
    expect(granted).toEqual(["small", "large", "late"]);
  });
});

test.each([
  ["EPERM", "/Users/jo/Pictures", "folder-permission"],
  ["EACCES", "/Users/jo/Pictures", "folder-unreadable"],
  ["ENOENT", "/Users/jo/Pictures", "folder-missing"],
  ["ENOENT", "/Volumes/Card/DCIM", "volume-offline"],
  ["ENOTDIR", "/media/jo/card", "volume-offline"],
  ["EIO", "/Volumes/Card/DCIM", "folder-unreadable"],
])("a folder that answers %s at %s is %s", (code, path, reason) => {
  expect(translateFolderError(Object.assign(new Error(code), { code }), path).code).toBe(reason);
});
