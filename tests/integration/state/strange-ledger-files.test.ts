import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ledgerFilesInUse } from "../../../helper/state/ledger/ledger-files.ts";
import { LedgerLineReader } from "../../../helper/state/ledger/ledger-line-reader.ts";
import { ledgerLines } from "../../../helper/state/ledger/ledger-lines.ts";
import { openLedger } from "../../../helper/state/ledger/open-ledger.ts";
import { readConflicts } from "../../../helper/state/ledger/read-conflicts.ts";
import { readLedgerFile } from "../../../helper/state/ledger/read-ledger-file.ts";
import type { StatePaths } from "../../../helper/state/state-paths.ts";
import { someDestination, someEntry, someTime } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

const now = (): number => Date.parse(someTime);
const head = { version: 1 as const, generation: 7, destination: someDestination, lastBackup: null };
const muchSpace = " ".repeat(33 * 1024 * 1024);

async function ledgerAtRest(paths: StatePaths): Promise<void> {
  const ledger = await openLedger(paths, someDestination);
  ledger.put("/1.jpg", someEntry(1));
  await ledger.close();
}

describe("a file that is no ledger of ours", () => {
  it("is parsed as a whole only where it is small or begins as a ledger does", async () => {
    const { ledger } = await tempState();
    const { version, ...others } = { ...head, files: { "/a.jpg": someEntry(1) } };
    const foreign = JSON.stringify({ somethingElse: 1, version, ...others });
    writeFileSync(ledger, foreign);
    expect(await readLedgerFile(ledger)).toMatchObject({ kind: "read" });
    writeFileSync(ledger, foreign + muchSpace);
    expect(await readLedgerFile(ledger)).toEqual({ kind: "corrupt" });
    writeFileSync(ledger, JSON.stringify({ version, ...others }) + muchSpace);
    expect(await readLedgerFile(ledger)).toMatchObject({ kind: "read", head });
  });

  it("is not parsed as a whole where it is ours, large and torn", async () => {
    const { ledger } = await tempState();
    const lines = [...ledgerLines(head, [["/a.jpg", someEntry(1)]])].join("");
    const odd = `${lines.slice(0, -"\n}\n}\n".length)},\n"/b.jpg": ${JSON.stringify(someEntry(2))} `;
    writeFileSync(ledger, `${odd}}}`);
    expect(await readLedgerFile(ledger)).toMatchObject({ kind: "read" });
    writeFileSync(ledger, `${odd}${muchSpace}}}`);
    expect(await readLedgerFile(ledger)).toEqual({ kind: "corrupt" });
  });

  it("is given up by the reader of lines before much of it is gathered", () => {
    const reader = new LedgerLineReader();
    const pretty = `{\n  "files": {\n${'    "/a.jpg": {\n'.repeat(10_000)}`;
    expect(reader.read(Buffer.from(pretty))).toBe(false);
  });

  it("may lack the last newline", async () => {
    const { ledger } = await tempState();
    const text = [...ledgerLines(head, [["/a.jpg", someEntry(1)]])].join("");
    writeFileSync(ledger, text.trimEnd());
    expect(await readLedgerFile(ledger)).toMatchObject({ kind: "read", head, sizeBytes: text.length - 1 });
  });
});

describe("something else in the place of", () => {
  const places = ["ledger", "journal", "nextJournal"] as const;

  it.each(places)("the %s: a pipe is not waited for", async (name) => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    const path = ledgerFilesInUse(paths)[name];
    rmSync(path, { force: true });
    execFileSync("mkfifo", [path]);
    const refusal = { code: "state-unwritable", detail: expect.stringContaining("something that is no file") };
    await expect(openLedger(paths, someDestination)).rejects.toMatchObject(refusal);
    if (name !== "nextJournal") await expect(readConflicts(paths)).rejects.toMatchObject(refusal);
  });

  it.each(places)("the %s: a folder is named and left alone", async (name) => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    const path = ledgerFilesInUse(paths)[name];
    rmSync(path, { force: true });
    mkdirSync(path);
    await expect(openLedger(paths, someDestination)).rejects.toMatchObject({
      code: "state-unwritable",
      detail: expect.stringContaining("a folder is in this file's place"),
    });
    expect(readdirSync(path)).toEqual([]);
  });

  it("the ledger, while it is open: nothing is lost, and the next fold puts it right once it is out of the way", async () => {
    const paths = await tempState();
    const ledger = await openLedger(paths, someDestination);
    ledger.put("/1.jpg", someEntry(1));
    mkdirSync(paths.ledger);
    await expect(ledger.fold()).rejects.toMatchObject({ code: "state-unwritable" });
    ledger.put("/2.jpg", someEntry(2));
    rmSync(paths.ledger, { recursive: true });
    await ledger.close();
    expect(Object.keys(JSON.parse(readFileSync(paths.ledger, "utf8")).files)).toEqual(["/1.jpg", "/2.jpg"]);
  });

  it("the ledger: a link is followed to read, and replaced by a file when it is written, what it led to left alone", async () => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    const elsewhere = join(paths.parkedLedgersDir, "elsewhere");
    renameSync(paths.ledger, elsewhere);
    symlinkSync(elsewhere, paths.ledger);
    const before = readFileSync(elsewhere, "utf8");
    const ledger = await openLedger(paths, someDestination);
    expect(ledger.size).toBe(1);
    ledger.put("/2.jpg", someEntry(2));
    await ledger.close();
    expect(lstatSync(paths.ledger).isFile()).toBe(true);
    expect(readFileSync(elsewhere, "utf8")).toBe(before);
    expect((await openLedger(paths, someDestination)).size).toBe(2);
  });
});

describe("a journal that holds no line", () => {
  it.each([
    ["zeros, as a power cut may leave it", (path: string) => writeFileSync(path, Buffer.alloc(4096))],
    ["somebody else's bytes", (path: string) => writeFileSync(path, "not one of our lines")],
    ["more than any of ours", (path: string) => truncateSync(path, 513 * 1024 * 1024)],
  ])("invariant 10: is set aside when it holds %s", async (_, spoil) => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    spoil(paths.journal);
    const ledger = await openLedger(paths, someDestination, { now });
    expect(ledger.size).toBe(1);
    expect(existsSync(`${paths.journal}.corrupt-2026-11-22T20-52-02.123Z`)).toBe(true);
  });

  it("invariant 10: is set aside too when it is the next one, and not removed", async () => {
    const paths = await tempState();
    await ledgerAtRest(paths);
    const { nextJournal } = ledgerFilesInUse(paths);
    writeFileSync(nextJournal, Buffer.alloc(512));
    const ledger = await openLedger(paths, someDestination, { now });
    expect(ledger.size).toBe(1);
    expect(existsSync(nextJournal)).toBe(false);
    expect(existsSync(`${nextJournal}.corrupt-2026-11-22T20-52-02.123Z`)).toBe(true);
  });
});
