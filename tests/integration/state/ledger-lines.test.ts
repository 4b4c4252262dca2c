import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { LedgerEntry } from "../../../helper/state/files/ledger-entry.ts";
import { writeFileAtomic } from "../../../helper/state/files/write-file-atomic.ts";
import { ledgerLines } from "../../../helper/state/ledger/ledger-lines.ts";
import { readLedgerFile } from "../../../helper/state/ledger/read-ledger-file.ts";
import { someDestination, someEntry, someTime } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

const head = { version: 1 as const, generation: 7, destination: someDestination, lastBackup: someTime };

const nastyPaths = [
  "/a/new\nline.jpg",
  '/a/quote".jpg',
  '/a/looks like a key": {"size":1}.jpg',
  '/a/ends with a backslash\\": {.jpg',
  "/a/back\\slash\\",
  "/a/\u{1F468}\u200D\u{1F469}\u200D\u{1F467}.jpg",
  "/a/line\u2028and\u2029paragraph.jpg",
  "/a/lone\ud800surrogate\udc00.jpg",
  "/a/NFD e\u0301.jpg",
  "/a/NFC \u00e9.jpg",
  "/a/tab\tcr\rnul\0.jpg",
  "__proto__",
  "constructor",
  "",
  "}",
  "files",
  "/a/" + "x".repeat(255),
];

async function roundTrip(entries: [string, LedgerEntry][]) {
  const { ledger } = await tempState();
  await writeFileAtomic(ledger, ledgerLines(head, entries));
  return { found: await readLedgerFile(ledger), text: readFileSync(ledger, "utf8") };
}

describe("the ledger file", () => {
  it("is plain JSON with the person's own schema, one entry a line", async () => {
    const { text } = await roundTrip([
      ["/a/1.jpg", someEntry(1)],
      ["/a/2.jpg", someEntry(2)],
    ]);
    expect(JSON.parse(text)).toEqual({ ...head, files: { "/a/1.jpg": someEntry(1), "/a/2.jpg": someEntry(2) } });
    expect(text.split("\n").filter((line) => line.startsWith('"/a/'))).toHaveLength(2);
  });

  it("is whole without any entry", async () => {
    const { found, text } = await roundTrip([]);
    expect(JSON.parse(text)).toEqual({ ...head, files: {} });
    expect(found).toMatchObject({ kind: "read", head });
    expect(found.kind === "read" && [...found.entries]).toEqual([]);
  });

  it("gives every path back as it was, whatever it holds", async () => {
    const entries = nastyPaths.map((path, number): [string, LedgerEntry] => [
      path,
      { ...someEntry(number), s3Key: path },
    ]);
    const { found, text } = await roundTrip(entries);
    expect(found).toMatchObject({ kind: "read" });
    expect(found.kind === "read" && [...found.entries]).toEqual(entries);
    expect(text.split("\n")).toHaveLength(nastyPaths.length + 9);
  });

  it("gives any path and any further field back, read as lines or as JSON", async () => {
    const { ledger } = await tempState();
    const entry = fc
      .tuple(fc.nat(), fc.jsonValue({ maxDepth: 2 }))
      .map(([number, later]) => ({ ...someEntry(number), later }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.string({ unit: "binary" }), entry)), async (entries) => {
        const expected = new Map(entries.map(([path, value]) => [path, JSON.parse(JSON.stringify(value))]));
        writeFileSync(ledger, [...ledgerLines(head, expected)].join(""));
        const asLines = await readLedgerFile(ledger);
        expect(asLines.kind === "read" && new Map(asLines.entries)).toEqual(expected);
        writeFileSync(ledger, JSON.stringify(JSON.parse(readFileSync(ledger, "utf8")), null, 2));
        const asJson = await readLedgerFile(ledger);
        expect(asJson.kind === "read" && new Map(asJson.entries)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it("keeps further fields of the head", async () => {
    const { ledger } = await tempState();
    await writeFileAtomic(ledger, ledgerLines({ ...head, note: "mine" }, [["/a.jpg", someEntry(1)]]));
    expect(await readLedgerFile(ledger)).toMatchObject({ kind: "read", head: { ...head, note: "mine" } });
  });

  it("may have been laid out anew by a person's editor", async () => {
    const { ledger } = await tempState();
    for (const indent of [undefined, 2, "\t"]) {
      writeFileSync(ledger, JSON.stringify({ files: { "/a.jpg": someEntry(1) }, ...head }, null, indent));
      const found = await readLedgerFile(ledger);
      expect(found).toMatchObject({ kind: "read", head });
      expect(found.kind === "read" && [...found.entries]).toEqual([["/a.jpg", someEntry(1)]]);
    }
  });

  it("is read whole when its lines are longer than a piece", async () => {
    const entries = [1, 2, 3].map((number): [string, LedgerEntry] => [
      `/${number}`,
      { ...someEntry(number), note: "long ".repeat(500_000) },
    ]);
    const { found } = await roundTrip(entries);
    expect(found.kind === "read" && [...found.entries.keys()]).toEqual(["/1", "/2", "/3"]);
  });

  it("is corrupt when any of its bytes are cut off", async () => {
    const { ledger } = await tempState();
    const whole = [
      ...ledgerLines(head, [
        ["/a.jpg", someEntry(1)],
        ["/b.jpg", someEntry(2)],
      ]),
    ]
      .join("")
      .trimEnd();
    for (let length = 0; length < whole.length; length++) {
      writeFileSync(ledger, whole.slice(0, length));
      expect([length, (await readLedgerFile(ledger)).kind]).toEqual([length, "corrupt"]);
    }
  });

  it("is corrupt when a line was cut and the rest went on", async () => {
    const { ledger } = await tempState();
    const entry = JSON.stringify(someEntry(1));
    const [before, after] = [...ledgerLines(head, [["/a.jpg", someEntry(1)]])].join("").split(entry);
    const line = `${before}${entry},\n"/b.jpg": `;
    for (let length = 0; length < entry.length; length++) {
      writeFileSync(ledger, `${line}${entry.slice(0, length)}${after}`);
      expect([length, (await readLedgerFile(ledger)).kind]).toEqual([length, "corrupt"]);
    }
  });

  it.each([
    ["an entry that does not fit", (text: string) => text.replace('"size":20001', '"size":"20001"')],
    ["no destination", (text: string) => text.replace('"destination"', '"destined"')],
    ["something after its end", (text: string) => text + "{}\n"],
    ["a byte that is not UTF-8", (text: string) => Buffer.from(text.replace("/a.jpg", "/\u00ff.jpg"), "latin1")],
    ["two entries on one line", (text: string) => text.replace(',\n"/b', ', "/b').replace('"size":20002', '"size":-1')],
  ])("is corrupt with %s", async (_, spoil) => {
    const { ledger } = await tempState();
    writeFileSync(
      ledger,
      spoil(
        [
          ...ledgerLines(head, [
            ["/a.jpg", someEntry(1)],
            ["/b.jpg", someEntry(2)],
          ]),
        ].join(""),
      ),
    );
    expect(await readLedgerFile(ledger)).toEqual({ kind: "corrupt" });
  });

  it.each([
    '{"version": 2, "files": {}}',
    '{\n"version": 2,\n"generation": 1,\n"files": {\n}\n}\n',
    '{ "version": 12, and then something that is no JSON',
  ])("invariant 10: refuses a newer version (%j)", async (text) => {
    const { ledger } = await tempState();
    writeFileSync(ledger, text);
    await expect(readLedgerFile(ledger)).rejects.toMatchObject({ code: "newer-schema", detail: "backup-state.json" });
    expect(readFileSync(ledger, "utf8")).toBe(text);
  });
});
