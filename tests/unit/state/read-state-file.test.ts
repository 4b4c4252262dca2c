import { execFileSync } from "node:child_process";
import { readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { readStateFile } from "../../../helper/state/files/read-state-file.ts";
import { readLedgerFile } from "../../../helper/state/ledger/read-ledger-file.ts";
import { someTime } from "../../support/state/samples.ts";
import { filesUnder, tempState } from "../../support/state/temp-state.ts";

const schema = z.looseObject({ version: z.literal(3), name: z.string() });
const now = (): number => Date.parse(someTime);

async function fileHolding(content: string | Uint8Array): Promise<{ path: string; stateDir: string }> {
  const { stateDir } = await tempState();
  const path = join(stateDir, "thing.json");
  writeFileSync(path, content);
  return { path, stateDir };
}

describe("readStateFile", () => {
  it("reads a file and keeps the fields it does not know", async () => {
    const { path } = await fileHolding('{"version": 3, "name": "a", "later": [1]}');
    expect(await readStateFile(path, schema, { version: 3 })).toEqual({
      kind: "read",
      value: { version: 3, name: "a", later: [1] },
    });
  });

  it("says that there is none", async () => {
    const { stateDir } = await tempState();
    expect(await readStateFile(join(stateDir, "none.json"), schema, { version: 3 })).toEqual({ kind: "absent" });
  });

  it("does not wait for a pipe in its place, and says what is there", async () => {
    const { stateDir } = await tempState();
    const path = join(stateDir, "thing.json");
    execFileSync("mkfifo", [path]);
    const words = {
      code: "state-unwritable",
      detail: "thing.json: something that is no file is in this file's place; move it elsewhere",
    };
    await expect(readStateFile(path, schema, { version: 3 })).rejects.toMatchObject(words);
    await expect(readLedgerFile(path)).rejects.toMatchObject(words);
  });

  it("takes a file that is larger than any of ours for a damaged one, and does not read it", async () => {
    const { path, stateDir } = await fileHolding("");
    truncateSync(path, 8 * 1024 ** 4);
    expect(await readStateFile(path, schema, { version: 3, setAside: false })).toEqual({ kind: "unreadable" });
    expect(await readStateFile(path, schema, { version: 3, now })).toMatchObject({ kind: "set-aside" });
    expect(filesUnder(stateDir)).toHaveLength(1);
  });

  it("invariant 10: refuses a newer version and leaves it byte for byte", async () => {
    const content = '{"version": 4, "name": {"first": "a"}}';
    const { path, stateDir } = await fileHolding(content);
    const reading = readStateFile(path, schema, { version: 3 });
    await expect(reading).rejects.toMatchObject({ code: "newer-schema", detail: "thing.json" });
    expect(readFileSync(path, "utf8")).toBe(content);
    expect(filesUnder(stateDir)).toEqual(["thing.json"]);
  });

  const corrupt: [string, string | Uint8Array][] = [
    ["no JSON", '{"version": 3, "na'],
    ["empty", ""],
    ["zeros", new Uint8Array(64)],
    ["of another shape", '{"version": 3, "name": 7}'],
    ["without a version", '{"name": "a"}'],
    ["not even an object", "null"],
    ["not UTF-8", Buffer.from([...Buffer.from('{"version": 3, "name": "'), 0xff, 0x22, 0x7d])],
    ["of an old version nobody can migrate", '{"version": 0, "name": "a"}'],
  ];
  it.each(corrupt)("invariant 10: sets a file aside that is %s", async (_, content) => {
    const { path, stateDir } = await fileHolding(content);
    const setAsidePath = `${path}.corrupt-2026-11-22T20-52-02.123Z`;
    expect(await readStateFile(path, schema, { version: 3, now })).toEqual({ kind: "set-aside", setAsidePath });
    expect(readFileSync(setAsidePath)).toEqual(Buffer.from(content));
    expect(filesUnder(stateDir)).toHaveLength(1);
  });

  it("keeps both of two files set aside at the same time", async () => {
    const { path, stateDir } = await fileHolding("one");
    await readStateFile(path, schema, { version: 3, now });
    writeFileSync(path, "two");
    await readStateFile(path, schema, { version: 3, now });
    expect(filesUnder(stateDir).map((name) => readFileSync(join(stateDir, name), "utf8"))).toEqual(["one", "two"]);
  });

  it("leaves a corrupt file where it is for a reader that must not touch it", async () => {
    const { path, stateDir } = await fileHolding("nonsense");
    expect(await readStateFile(path, schema, { version: 3, setAside: false })).toEqual({ kind: "unreadable" });
    expect(filesUnder(stateDir)).toEqual(["thing.json"]);
  });

  it("brings an older version up step by step", async () => {
    const { path } = await fileHolding('{"version": 1, "title": "a"}');
    const migrations = {
      1: (old: unknown) => ({ ...(old as object), version: 2, name: (old as { title: string }).title }),
      2: (old: unknown) => ({ ...(old as object), version: 3 }),
    };
    expect(await readStateFile(path, schema, { version: 3, migrations })).toMatchObject({
      kind: "read",
      value: { version: 3, name: "a" },
    });
  });

  it("sets a file aside that its migration cannot make sense of", async () => {
    const { path } = await fileHolding('{"version": 2}');
    const migrations = {
      2: () => {
        throw new TypeError("no name");
      },
    };
    expect(await readStateFile(path, schema, { version: 3, migrations })).toMatchObject({ kind: "set-aside" });
  });
});
