import { writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "../../../helper/state/files/ledger-entry.ts";
import { checkEntry } from "../../../helper/state/ledger/check-entry.ts";
import { ledgerLines } from "../../../helper/state/ledger/ledger-lines.ts";
import { PackedEntries } from "../../../helper/state/ledger/packed-entries.ts";
import { PackedLineReader } from "../../../helper/state/ledger/packed-line-reader.ts";
import { readLedgerFile } from "../../../helper/state/ledger/read-ledger-file.ts";
import { someDestination, someEntry, someTime } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: length, maxLength: length });
const path = fc.oneof(
  fc.constantFrom(
    "/P/a.jpg",
    "/P/b/a.jpg",
    "/a.jpg",
    "a.jpg",
    "/P/\u00e9.jpg",
    "/P/e\u0301/a.jpg",
    '/P/"{": {.jpg',
    "__proto__",
  ),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const key = fc.oneof(
  path.map((text) => `photos/Label${text}`),
  fc.constantFrom("photos/P/a.jpg", "photos/P/a.01234567.jpg", "", "/"),
  fc.string(),
);
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: 1e12, max: 2e12 }),
  fc.constantFrom(0, -0, -1, 0.1, 1e21, 5e-324, 2 ** 53, 1763858999123.4568),
);
const time = fc.oneof(
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }).map((date) => date.toISOString()),
  fc.constantFrom(
    someTime,
    "2026-11-22T20:52:02Z",
    "2026-11-22T20:52Z",
    "0001-01-01T00:00:00.000Z",
    "2024-02-29T23:59:59.999Z",
  ),
);
const rowFields = {
  uploadedAt: time,
  size: fc.oneof(fc.nat(), fc.constantFrom(0, -0, Number.MAX_SAFE_INTEGER)),
  s3Key: key,
  mtimeMs: number,
  ctimeMs: number,
  inode: number,
  sha256: fc.oneof(hex(64), fc.string()),
  etag: fc.oneof(hex(32), fc.constant("0123456789abcdef0123456789abcdef-3"), fc.string()),
  takenAt: fc.oneof(fc.constant("2024-05-01T12:34:56+02:00"), fc.string(), fc.constant("x".repeat(32))),
  proof: fc.constantFrom("uploaded" as const, "found" as const),
};
const required = { requiredKeys: ["uploadedAt", "size", "s3Key"] as ("uploadedAt" | "size" | "s3Key")[] };
const plain = fc.record(rowFields, required) as fc.Arbitrary<LedgerEntry>;
const odd = fc.record(
  {
    ...rowFields,
    missingSince: time,
    goneSince: time,
    changedKeys: fc.array(fc.string()),
    previous: fc.array(fc.record({ s3Key: key, size: fc.nat(), uploadedAt: time }), { maxLength: 2 }),
    somethingLater: fc.jsonValue({ maxDepth: 2 }),
  },
  required,
) as fc.Arbitrary<LedgerEntry>;
const entry = fc.oneof({ weight: 3, arbitrary: plain }, odd).filter((value) => checkEntry(value));
const head = { version: 1 as const, generation: 7, destination: someDestination, lastBackup: someTime };

describe("PackedEntries", () => {
  it("holds what a Map would hold, in the same order, whatever is put in and replaced", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(path, entry), { maxLength: 30 }), (puts) => {
        const packed = new PackedEntries();
        const model = new Map<string, LedgerEntry>();
        for (const [at, value] of puts) {
          packed.set(at, value);
          model.set(at, value);
          expectSame(packed.get(at), value);
        }
        expect([...packed.keys()]).toEqual([...model.keys()]);
        expect(packed.size).toBe(model.size);
        const all = [...packed];
        for (const [index, [at, value]] of [...model].entries()) {
          expect(all[index]?.[0]).toBe(at);
          expectSame(all[index]?.[1], value);
          const { size, mtimeMs, ctimeMs, inode, missingSince, goneSince } = value;
          expect(fromJson(packed.known(at))).toMatchObject(
            fromJson({ size, mtimeMs, ctimeMs, inode, missingSince, goneSince }),
          );
        }
        expect([packed.get("/nowhere"), packed.known("/nowhere")]).toEqual([undefined, undefined]);
      }),
      { numRuns: 300 },
    );
  });

  it("reads its own lines back to the same entries", async () => {
    const { ledger } = await tempState();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(path, entry), { maxLength: 20 }), async (puts) => {
        const packed = new PackedEntries();
        for (const [at, value] of puts) packed.set(at, value);
        writeFileSync(ledger, [...ledgerLines(head, packed)].join(""));
        const found = await readLedgerFile(ledger);
        expect(found.kind === "read" && [...found.entries]).toEqual(
          [...packed].map(([at, value]) => [at, fromJson(value)]),
        );
      }),
      { numRuns: 100 },
    );
  });

  it("spans pages", () => {
    const packed = new PackedEntries();
    for (let number = 0; number < 3_000; number += 1) packed.set(`/Pictures/IMG_${number}.jpg`, someEntry(number));
    packed.set("/Pictures/IMG_2000.jpg", someEntry(1));
    for (const number of [0, 511, 512, 1023, 1024, 2999]) {
      expect(packed.get(`/Pictures/IMG_${number}.jpg`)).toEqual(someEntry(number));
    }
    expect(packed.get("/Pictures/IMG_2000.jpg")).toEqual(someEntry(1));
    expect(packed.size).toBe(3_000);
  });
});

describe("PackedLineReader", () => {
  const { uploadedAt, size, s3Key, mtimeMs, sha256, proof } = someEntry(1);
  const good = JSON.stringify({
    ...{ uploadedAt, size, s3Key, mtimeMs, ctimeMs: 1, inode: 2, sha256 },
    ...{ etag: "0".repeat(32), takenAt: "2024-05-01T12:34:56", proof },
  });

  function readFast(text: string): LedgerEntry | undefined {
    const entries = new PackedEntries();
    const bytes = Buffer.from(`"/a.jpg": ${text}\n`);
    const at = { pathStart: 1, pathEnd: 7, start: 10, end: bytes.length - 1 };
    return new PackedLineReader(entries).read("/a.jpg", bytes, at) ? entries.get("/a.jpg") : undefined;
  }

  it("takes what we write", () => {
    expect(readFast(good)).toBeDefined();
    for (const field of ["mtimeMs", "ctimeMs", "inode", "sha256", "etag", "takenAt", "proof"]) {
      const without = { ...JSON.parse(good) };
      delete without[field];
      expect(readFast(JSON.stringify(without))).toEqual(without);
    }
  });

  it("takes any second of a day it has met, and nothing that is none", () => {
    const entries = new PackedEntries();
    const reader = new PackedLineReader(entries);
    const times = [
      "T00:00:00.000Z",
      "T23:59:59.999Z",
      "T24:00:00.000Z",
      "T12:60:00.000Z",
      "T12:00:60.000Z",
      "T1 :00:00.000Z",
    ];
    for (const day of ["2024-02-29", "2026-11-22", "2026-02-30"]) {
      for (const text of times.map((timeOfDay) => good.replace(uploadedAt, day + timeOfDay))) {
        const bytes = Buffer.from(`"/a.jpg": ${text}\n`);
        const isTaken = reader.read("/a.jpg", bytes, { pathStart: 1, pathEnd: 7, start: 10, end: bytes.length - 1 });
        if (isTaken) expect(entries.get("/a.jpg")).toEqual(JSON.parse(text));
        expect([text, isTaken]).toEqual([text, checkEntry(JSON.parse(text))]);
      }
    }
  });

  it("takes nothing that JSON.parse and checkEntry would refuse, and nothing else than they", () => {
    const spoiled = fc
      .tuple(
        fc.nat(good.length - 1),
        fc.nat(3),
        fc.oneof(fc.string({ maxLength: 3 }), fc.constantFrom('"', "0", ".", "}", ",", "e5")),
      )
      .map(([at, dropped, added]) => good.slice(0, at) + added + good.slice(at + dropped));
    let taken = 0;
    fc.assert(
      fc.property(spoiled, (text) => {
        const fast = readFast(text);
        if (!fast) return;
        taken += 1;
        const slow: unknown = JSON.parse(text);
        expect(checkEntry(slow)).toBe(true);
        expectSame(fast, slow as LedgerEntry);
      }),
      { numRuns: 6_000 },
    );
    expect(taken).toBeGreaterThan(200);
  });
});

/** An odd entry is kept as JSON, which knows no -0. */
function expectSame(found: LedgerEntry | undefined, expected: LedgerEntry): void {
  expect(fromJson(found)).toEqual(fromJson(expected));
}

function fromJson(value: unknown): LedgerEntry {
  return JSON.parse(JSON.stringify(value)) as LedgerEntry;
}
