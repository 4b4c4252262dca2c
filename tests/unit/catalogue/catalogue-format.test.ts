import { gunzipSync, gzipSync } from "node:zlib";
import { Readable } from "node:stream";
import { describe, expect, test } from "vitest";
import type { ObjectStore } from "../../../helper/backup/object-store.ts";
import type { CatalogueHeader } from "../../../helper/catalogue/catalogue-header.ts";
import { catalogueKey, parseCatalogueKey } from "../../../helper/catalogue/catalogue-key.ts";
import { catalogueLine, type CatalogueLine } from "../../../helper/catalogue/catalogue-line.ts";
import { choosePieces } from "../../../helper/catalogue/choose-pieces.ts";
import { packPiece } from "../../../helper/catalogue/pack-piece.ts";
import { readPiece } from "../../../helper/catalogue/read-piece.ts";

const macId = "0123456789abcdef";
const uploadedAt = "2026-01-02T03:04:05.000Z";
const entry = { uploadedAt, size: 3, s3Key: "photos/Pictures/a.jpg", sha256: "ab", mtimeMs: 0, etag: "e" };
const paths = ["/p/a.jpg", "/p/line\nbreak\r.jpg", "/p/\u2028 and \u2029.jpg", '/p/"quoted"\\.jpg', "/p/日本語 é.heic"];

function header(count: number, change: Partial<CatalogueHeader> = {}): CatalogueHeader {
  const folders = [{ label: "Pictures", path: "/p" }];
  const fixed = { format: "photolala-catalogue", version: 1, kind: "piece", prefix: "photos" } as const;
  return { ...fixed, macId, number: 7, createdAt: uploadedAt, folders, count, ...change };
}

function storeOf(bytes: Buffer, sha256?: string): ObjectStore {
  const head = { sizeBytes: bytes.length, etagIsOpaque: false, ...(sha256 ? { sha256 } : {}) };
  return { read: async () => ({ head, body: Readable.from([bytes]) }) } as unknown as ObjectStore;
}

async function read(bytes: Buffer, { number = 7, sha256 = undefined as string | undefined } = {}) {
  const place = { key: catalogueKey("photos", { macId, number }), name: { macId, number } };
  const piece = await readPiece(storeOf(bytes, sha256), place, new AbortController().signal);
  if (!piece) return undefined;
  const lines: CatalogueLine[] = [];
  for await (const { line } of piece.lines()) lines.push(line);
  return lines;
}

const packed = () =>
  packPiece(
    header(paths.length),
    paths.map((path) => catalogueLine(path, entry)),
  );

describe("a piece of the catalogue", () => {
  test("gives every path back as it was, whatever it is made of", async () => {
    const { bytes, sha256Hex } = await packed();
    const lines = await read(bytes, { sha256: sha256Hex });
    expect(lines?.map(({ path }) => path)).toEqual(paths);
    expect(lines?.[0]).toEqual({
      ...{ path: paths[0], key: entry.s3Key, size: 3, sha256: "ab", etag: "e", uploadedAt },
      mtime: "1970-01-01T00:00:00.000Z",
    });
  });

  test("is plain lines of JSON for anybody with gunzip", async () => {
    const lines = gunzipSync((await packed()).bytes)
      .toString()
      .trimEnd()
      .split("\n");
    expect(lines.map((line) => JSON.parse(line) as unknown)).toHaveLength(paths.length + 2);
    expect(JSON.parse(lines[0] as string)).toMatchObject({ format: "photolala-catalogue", version: 1, count: 5 });
    expect(JSON.parse(lines.at(-1) as string)).toEqual({ end: true, count: 5 });
  });

  test("invariant 1: cut at any byte, or with any byte changed, it is not believed", { timeout: 30_000 }, async () => {
    const { bytes } = await packed();
    const whole = await read(bytes);
    for (let at = 0; at < bytes.length; at += 3) {
      expect(await read(bytes.subarray(0, at)), `cut at ${at}`).toBeUndefined();
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] as number) ^ 0x10;
      const found = await read(changed);
      // Bytes 4 to 9 of gzip's header mean nothing to the content.
      if (found !== undefined) expect(found, `changed at ${at}`).toEqual(whole);
    }
  });

  test.each([
    ["a line is missing", (lines: string[]) => lines.toSpliced(2, 1)],
    ["a line is there twice", (lines: string[]) => lines.toSpliced(2, 0, lines[2] as string)],
    ["the last line is missing", (lines: string[]) => lines.slice(0, -1)],
    ["a line is no photo's", (lines: string[]) => lines.with(2, '{"path":"/p/a.jpg"}')],
    ["a key is no text", (lines: string[]) => lines.with(2, lines[2]?.replace(/"key":"[^"]*"/, '"key":5') ?? "")],
    [
      "a time is none, which the ledger could not be read with",
      (lines: string[]) => lines.with(2, lines[2]?.replace(/"uploadedAt":"[^"]*"/, '"uploadedAt":"0"') ?? ""),
    ],
    [
      "the time of a file is none",
      (lines: string[]) => lines.with(2, lines[2]?.replace(/"mtime":"[^"]*"/, '"mtime":"soon"') ?? ""),
    ],
    [
      "a changed key is no text",
      (lines: string[]) => lines.with(2, lines[2]?.replace('"key":', '"changedKeys":[5],"key":') ?? ""),
    ],
    [
      "it is a newer version's",
      (lines: string[]) => lines.with(0, lines[0]?.replace('"version":1', '"version":2') ?? ""),
    ],
    [
      "it is another Mac's",
      (lines: string[]) => lines.with(0, lines[0]?.replace(macId, macId.replace("0", "f")) ?? ""),
    ],
    ["it is a snapshot's", (lines: string[]) => lines.with(0, lines[0]?.replace('"piece"', '"snapshot"') ?? "")],
  ])("is not believed when %s", async (_what, change) => {
    const { bytes } = await packed();
    const lines = gunzipSync(bytes).toString().trimEnd().split("\n");
    expect(await read(gzipSync(`${lines.join("\n")}\n`))).toHaveLength(paths.length);
    expect(await read(gzipSync(`${change(lines).join("\n")}\n`))).toBeUndefined();
  });

  test("is given up early when it is a gzip bomb of one line", async () => {
    // 768 MiB without an end of line: joined chunk by chunk it would take an hour.
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, "x"));
    expect(await read(Buffer.concat(Array.from({ length: 12 }, () => bomb)))).toBeUndefined();
  });

  test("has lines of any length that a photo may have", async () => {
    const versions = Array.from({ length: 2_000 }, (_, index) => ({ ...entry, s3Key: `photos/${index}.jpg` }));
    const long = catalogueLine("/p/long.jpg", { ...entry, previous: versions });
    const { bytes } = await packPiece(header(3), [catalogueLine("/p/a.jpg", entry), long, long]);
    const lines = await read(bytes);
    expect(lines?.map(({ previous = [] }) => previous.length)).toEqual([0, 2_000, 2_000]);
  });

  test("is not believed under another number, or with another sha256 than it was stored with", async () => {
    const { bytes } = await packed();
    expect(await read(bytes, { number: 8 })).toBeUndefined();
    expect(await read(bytes, { sha256: "0".repeat(64) })).toBeUndefined();
  });
});

describe("the keys of a catalogue", () => {
  test.each([
    ["photos", { macId, number: 12 }, `photos/.photolala/${macId}/000000000012.jsonl.gz`],
    ["", { macId, number: 1 }, `.photolala/${macId}/000000000001.jsonl.gz`],
    [
      "a/b",
      { macId, number: 3, snapshot: { part: 2, parts: 10 } },
      `a/b/.photolala/${macId}/000000000003.snapshot-2-of-10.jsonl.gz`,
    ],
  ])("below %j: %j", (prefix, name, key) => {
    expect(catalogueKey(prefix, name)).toBe(key);
    expect(parseCatalogueKey(prefix, key)).toEqual(name);
  });

  test.each(["photos/.photolala/probe", "photos/a.jpg", `other/.photolala/${macId}/000000000012.jsonl.gz`])(
    "%s is none",
    (key) => expect(parseCatalogueKey("photos", key)).toBeUndefined(),
  );

  const piece = (number: number, snapshot?: { part: number; parts: number }) => {
    const name = { macId, number, ...(snapshot ? { snapshot } : {}) };
    return { key: catalogueKey("p", name), name };
  };

  test("the newest snapshot stands for what was before it, but only with all its parts", () => {
    const numbers = (...found: ReturnType<typeof piece>[]) => choosePieces(found).map(({ name }) => name.number);
    expect(numbers(piece(3), piece(1), piece(2))).toEqual([1, 2, 3]);
    expect(numbers(piece(1), piece(2, { part: 1, parts: 1 }), piece(3))).toEqual([2, 3]);
    const torn = [piece(4, { part: 1, parts: 3 }), piece(5, { part: 2, parts: 3 }), piece(7)];
    expect(numbers(piece(1), piece(2, { part: 1, parts: 1 }), ...torn)).toEqual([2, 4, 5, 7]);
    expect(numbers(piece(1), ...torn, piece(6, { part: 3, parts: 3 }))).toEqual([4, 5, 6, 7]);
  });
});
