import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { keyBytesMost, objectKey, segmentBytesMost } from "../../../helper/backup/object-key.ts";
import { sha256Of } from "../../support/engine/engine-bench.ts";

const at = (relativePath: string, suffix?: string) =>
  objectKey({ prefix: "photos", label: "Pictures", relativePath, ...(suffix === undefined ? {} : { suffix }) });

const bytes = (text: string) => Buffer.byteLength(text);

describe("a photo's key", () => {
  test("is prefix, label and path", () => {
    expect(at("2024/May/IMG_1.jpg")).toBe("photos/Pictures/2024/May/IMG_1.jpg");
    expect(objectKey({ prefix: "", label: "Pictures", relativePath: "a.jpg" })).toBe("Pictures/a.jpg");
    expect(objectKey({ prefix: "a/b", label: "P", relativePath: "c.jpg" })).toBe("a/b/P/c.jpg");
  });

  test("is NFC, however the disk spells the name", () => {
    expect(at("cafe\u0301/e\u0301.jpg")).toBe("photos/Pictures/caf\u00e9/\u00e9.jpg");
    expect(objectKey({ prefix: "e\u0301", label: "o\u0308", relativePath: "a.jpg" })).toBe("\u00e9/\u00f6/a.jpg");
  });

  test.each([
    ["a.jpg", "a.1234abcd.jpg"],
    ["archive.tar.jpg", "archive.tar.1234abcd.jpg"],
    ["no extension", "no extension.1234abcd"],
    [".hidden", ".hidden.1234abcd"],
    ["dots...jpg", "dots...1234abcd.jpg"],
    ["ends with a dot.", "ends with a dot.1234abcd."],
    ["folder.jpg/a", "folder.jpg/a.1234abcd"],
  ])("of a changed %s is %s: the suffix comes before the extension", (name, expected) => {
    expect(at(name, ".1234abcd")).toBe(`photos/Pictures/${expected}`);
  });

  test("keeps a name of 255 bytes whole, and makes room when a suffix joins it", () => {
    const name = `${"a".repeat(251)}.jpg`;
    expect(at(name)).toBe(`photos/Pictures/${name}`);
    const changed = at(name, ".1234abcd");
    expect(bytes(changed.split("/").at(-1) ?? "")).toBe(segmentBytesMost);
    expect(changed).toMatch(/^photos\/Pictures\/a+\.[0-9a-f]{16}\.1234abcd\.jpg$/);
    const fullHash = at(name, `.${sha256Of("content")}`);
    expect(bytes(fullHash.split("/").at(-1) ?? "")).toBeLessThanOrEqual(segmentBytesMost);
    expect(fullHash.endsWith(`.${sha256Of("content")}.jpg`)).toBe(true);
  });

  test("a name that grows over 255 bytes by becoming NFC is shortened too", () => {
    // U+0958 has no composed form in NFC: it takes 3 bytes on disk and 6 in the key.
    const name = `${"\u0958".repeat(80)}.jpg`;
    expect(bytes(name)).toBeLessThan(segmentBytesMost);
    expect(bytes(at(name).split("/").at(-1) ?? "")).toBeLessThanOrEqual(segmentBytesMost);
  });

  test("is cut at a character's border", () => {
    const key = at(`${"📷".repeat(62)}xyz.jpg`, ".1234abcd");
    expect(key).not.toContain("\uFFFD");
    expect(Buffer.from(key).toString()).toBe(key);
  });

  test("the same long path gives the same key in either Unicode form", () => {
    const path = Array.from({ length: 12 }, () => "e\u0301".repeat(80)).join("/") + "/o\u0308.jpg";
    expect(at(path)).toMatch(/\.[0-9a-f]{16}\.jpg$/);
    expect(at(path)).toBe(at(path.normalize("NFC")));
  });

  test("a path too deep for a key keeps whole leading folders", () => {
    const folders = Array.from({ length: 30 }, (_, i) => `folder ${i} ${"x".repeat(40)}`);
    const key = at(`${folders.join("/")}/a.jpg`);
    expect(bytes(key)).toBeLessThanOrEqual(keyBytesMost);
    const kept = key.split("/").slice(2, -1);
    expect(kept.length).toBeGreaterThan(10);
    expect(kept).toEqual(folders.slice(0, kept.length));
  });

  test("a folder is never cut to one that stores refuse", () => {
    for (let length = 150; length <= 255; length += 1) {
      const deep = [length, 200, 200, 200, 100].map((part) => "a".repeat(part)).join("/");
      const key = at(`${deep}/..b/${"c".repeat(250)}/d.jpg`);
      expect(
        key.split("/").filter((part) => /^\.*$/.test(part)),
        key,
      ).toEqual([]);
    }
  });
});

/** Path segments as disks have them: no slash, no NUL, not "." or "..", at most 255 bytes. */
const segment = fc
  .oneof(
    { weight: 4, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }) },
    { weight: 2, arbitrary: fc.string({ unit: "binary", minLength: 1, maxLength: 60 }) },
    {
      weight: 2,
      arbitrary: fc.constantFrom("..a", "e\u0301.jpg", "\u00e9.jpg", "a.jpg", "x".repeat(255), "📷".repeat(63)),
    },
    {
      weight: 1,
      arbitrary: fc.string({ unit: fc.constantFrom("é", "e\u0301", "日", "a", "."), minLength: 80, maxLength: 120 }),
    },
  )
  .filter((text) => !/[/\0]/.test(text) && ![".", ".."].includes(text) && bytes(text) <= 255 && text.isWellFormed());

const path = fc.array(segment, { minLength: 1, maxLength: 12 }).map((parts) => parts.join("/"));
const label = fc.constantFrom("Pictures", "é".repeat(60), "📷".repeat(60));
const prefix = fc.constantFrom("", "photos", "a".repeat(200), "backup/photos");
const suffix = fc.constantFrom("", ".1234abcd", `.${"0123456789abcdef".repeat(4)}`);

describe("for any path", () => {
  test("a key has at most 1,024 bytes, its parts at most 255, and none that a store refuses", () => {
    fc.assert(
      fc.property(path, label, prefix, suffix, (relativePath, label, prefix, suffix) => {
        const key = objectKey({ relativePath, label, prefix, suffix });
        expect(bytes(key)).toBeLessThanOrEqual(keyBytesMost);
        expect(key).toBe(key.normalize("NFC"));
        const head = prefix === "" ? label : `${prefix}/${label}`;
        expect(key.startsWith(`${head.normalize("NFC")}/`)).toBe(true);
        for (const part of key.split("/")) {
          expect(bytes(part)).toBeLessThanOrEqual(segmentBytesMost);
          expect(["", ".", ".."]).not.toContain(part);
        }
      }),
      { numRuns: 500 },
    );
  });

  test("two paths have the same key only when they are equal in NFC", () => {
    fc.assert(
      fc.property(path, path, label, prefix, suffix, (one, other, label, prefix, suffix) => {
        const isSamePath = one.normalize("NFC") === other.normalize("NFC");
        const keyOf = (relativePath: string) => objectKey({ relativePath, label, prefix, suffix });
        expect(keyOf(one) === keyOf(other)).toBe(isSamePath);
      }),
      { numRuns: 500 },
    );
  });

  test("paths that are the same for longer than a key can hold are told apart", () => {
    fc.assert(
      fc.property(path, path, (one, other) => {
        fc.pre(one.normalize("NFC") !== other.normalize("NFC"));
        const deep = Array.from({ length: 5 }, () => "x".repeat(250)).join("/");
        expect(at(`${deep}/${one}/a.jpg`)).not.toBe(at(`${deep}/${other}/a.jpg`));
      }),
    );
  });
});
