import { appendFileSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "../../../helper/state/files/ledger-entry.ts";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import { readLedgerSnapshot } from "../../../helper/state/ledger/read-ledger-snapshot.ts";
import { someDestination, someEntry, someTime } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

const tebibyte = 2 ** 40;
const entry = someEntry(1);
const md5 = "0123456789abcdef".repeat(2);

const entries: [string, LedgerEntry][] = [
  ["/before 1970.jpg", { ...entry, mtimeMs: -2_208_988_800_000, ctimeMs: -1, uploadedAt: "1969-12-31T23:59:59.999Z" }],
  ["/year 1.jpg", { ...entry, uploadedAt: "0001-01-01T00:00:00.000Z", mtimeMs: -62_135_596_800_000 }],
  ["/year 9999.jpg", { ...entry, uploadedAt: "9999-12-31T23:59:59.999Z", mtimeMs: 253_402_300_799_999 }],
  ["/1970.jpg", { ...entry, mtimeMs: 0, ctimeMs: 0, inode: 0 }],
  ["/5 TiB.dng", { ...entry, size: 5 * tebibyte, inode: 2 ** 64 }],
  ["/largest.dng", { ...entry, size: Number.MAX_SAFE_INTEGER, mtimeMs: Number.MAX_VALUE, ctimeMs: Number.MIN_VALUE }],
  ["/empty.xmp", { ...entry, size: 0 }],
  ["/least.jpg", { uploadedAt: someTime, size: 1, s3Key: "" }],
  ["/shouted.jpg", { ...entry, sha256: "AB".repeat(32), etag: md5.toUpperCase() }],
  ["/short hash.jpg", { ...entry, sha256: "", etag: "" }],
  ["/parts.mov", { ...entry, etag: `${md5}-10000` }],
  ["/quoted.jpg", { ...entry, etag: `"${md5}"` }],
  ["/taken.jpg", { ...entry, takenAt: "2024-05-01T12:34:56.123456+02:00" }],
  ["/taken in words.jpg", { ...entry, takenAt: "an exif date of a broken camera, \u0000 and all" }],
  ["/not taken.jpg", { ...entry, takenAt: "" }],
  [`/${"k".repeat(1_000)}.jpg`, { ...entry, s3Key: `photos/${"k".repeat(1_013)}.jpg` }],
  [`/${"\u00e9".repeat(255)}/a.jpg`, { ...entry, s3Key: `photos/${"\u00e9".repeat(500)}/a.jpg` }],
  ["/a line\nand another.jpg", { ...entry, s3Key: "photos/a line\nand another.jpg" }],
  ['/"}},\n"files": {.jpg', { ...entry, s3Key: '"}},\n"files": {' }],
  ["/lone \ud800 surrogate.jpg", { ...entry, s3Key: "photos/lone \udfff surrogate.jpg" }],
  ["/line\u2028separator.jpg", { ...entry, s3Key: "photos/line\u2028separator.jpg" }],
  ["__proto__", entry],
  ["", { ...entry, s3Key: "photos" }],
  ["/same end.jpg", { ...entry, s3Key: "/same end.jpg" }],
  ["/later.jpg", { ...entry, rating: 5, people: ["A"], nested: { a: null }, toString: "x" } as LedgerEntry],
  ["/earlier.jpg", { ...entry, previous: [{ s3Key: "k", size: 1, uploadedAt: someTime, note: null }] }],
];

describe("an entry at the ends of what a field may hold", () => {
  it("comes back exactly: from memory, from the journal, from the file, and beside a helper", async () => {
    const paths = await tempState();
    const ledger = await openLedger(paths, someDestination);
    for (const [path, value] of entries) ledger.put(path, value);
    expect([...ledger.entries()]).toEqual(entries);
    expect([...(await openLedger(paths, someDestination)).entries()]).toEqual(entries);
    await ledger.fold();
    expect([...(await readLedgerSnapshot(paths, someDestination))]).toEqual(entries);
    const again = await openLedger(paths, someDestination);
    expect([...again.entries()]).toEqual(entries);
    for (const [path, { size, mtimeMs, ctimeMs, inode }] of entries) {
      expect(again.known(path)).toMatchObject(JSON.parse(JSON.stringify({ size, mtimeMs, ctimeMs, inode })));
    }
  });

  it("takes another's place, row for row, whichever came first", async () => {
    const paths = await tempState();
    const ledger = await openLedger(paths, someDestination);
    for (const [, value] of [...entries, ...entries.toReversed()]) {
      ledger.put("/a.jpg", value);
      expect(ledger.get("/a.jpg")).toEqual(value);
    }
    await ledger.close();
    expect([...(await openLedger(paths, someDestination)).entries()]).toEqual([["/a.jpg", entries[0]?.[1]]]);
  });

  it.each([
    ["a size that is none", { ...entry, size: -1 }],
    ["half a byte", { ...entry, size: 0.5 }],
    ["more bytes than can be counted", { ...entry, size: 2 ** 53 }],
    ["null for a size", { ...entry, size: null }],
    ["null for a hash", { ...entry, sha256: null }],
    ["a time of a calendar nobody has", { ...entry, uploadedAt: "2026-02-30T00:00:00.000Z" }],
    ["a time of local use", { ...entry, uploadedAt: "2026-11-22T20:52:02+01:00" }],
  ])("is refused with %s, in memory and in a journal", async (_, value) => {
    const paths = await tempState();
    const ledger = await openLedger(paths, someDestination);
    ledger.put("/1.jpg", someEntry(1));
    expect(() => ledger.put("/a.jpg", value as LedgerEntry)).toThrow("not a ledger entry");
    appendFileSync(paths.journal, JSON.stringify({ op: "put", path: "/a.jpg", entry: value }) + "\n");
    expect([...(await openLedger(paths, someDestination)).entries()]).toEqual([["/1.jpg", someEntry(1)]]);
  });

  it("is the same when the journal is applied a second time to a ledger that has it", async () => {
    const paths = await tempState();
    const ledger = await openLedger(paths, someDestination);
    for (const [path, value] of entries) ledger.put(path, value);
    const records = readFileSync(paths.journal, "utf8").replace(/^.*\n/, "");
    await ledger.close();
    appendFileSync(paths.journal, records);
    const again = await openLedger(paths, someDestination);
    expect([...again.entries()]).toEqual(entries);
  });
});
