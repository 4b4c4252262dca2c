import { describe, expect, test } from "vitest";
import { ListedObjects } from "../../../helper/catalogue/listed-objects.ts";
import { seededRandom } from "../../support/photos/seeded-random.ts";

const sha256Hex = (digit: string): string => digit.repeat(64);
const md5Hex = "0123456789abcdef0123456789abcdef";
const time = "2026-01-02T03:04:05.678Z";

function listed(key: string, sizeBytes = 10, etag = md5Hex): ListedObjects {
  const objects = new ListedObjects();
  objects.add(key, sizeBytes, etag);
  return objects;
}

describe("the objects of a listing", () => {
  test("come back as they were listed, whatever their ETags look like", () => {
    const seed = Date.now() % 1_000_000;
    const random = seededRandom(seed);
    const objects = new ListedObjects();
    const etags = [md5Hex, "", `${md5Hex}-3`, md5Hex.toUpperCase(), "opaque", "ÄÖ"];
    const reference = new Map<string, { sizeBytes: number; etag: string }>();
    for (let number = 0; number < 5_000; number += 1) {
      const key = `photos/${Math.floor(random() * 3_000)}/Grüße ${number % 7}.jpg`;
      const object = {
        sizeBytes: Math.floor(random() * 2 ** 42),
        etag: etags[Math.floor(random() * etags.length)] as string,
      };
      objects.add(key, object.sizeBytes, object.etag);
      reference.set(key, object);
    }
    expect(objects.size, `seed ${seed}`).toBe(reference.size);
    for (const [key, object] of reference) {
      expect(objects.head(key), `seed ${seed}, ${key}`).toEqual({ ...object, etagIsOpaque: false });
    }
    expect(objects.head("photos/elsewhere.jpg")).toBeUndefined();
  });

  test("invariant 1: are confirmed only with the size and the ETag that were noted", () => {
    const objects = listed("a.jpg");
    const version = { key: "a.jpg", size: 10, etag: md5Hex, uploadedAt: time };
    expect(objects.isConfirmed(version)).toBe(true);
    expect(objects.isConfirmed({ ...version, size: 11 })).toBe(false);
    expect(objects.isConfirmed({ ...version, etag: md5Hex.replace("0", "1") })).toBe(false);
    expect(objects.isConfirmed({ ...version, key: "b.jpg" })).toBe(false);
    expect(objects.isConfirmed({ key: "a.jpg", size: 10, uploadedAt: time })).toBe(false);
    // Where a listing has no ETags either, that would be the size alone.
    expect(listed("a.jpg", 10, "").isConfirmed({ ...version, etag: "" })).toBe(false);
  });

  test.each([
    ["/Users/me/Pictures/2024/a.jpg", "photos/Pictures/2024/a.jpg", time],
    ["/elsewhere/Grüße 😀.jpg", "photos/Pictures/other.abcdef01.jpg", time],
    ["a.jpg", "a.jpg", "2026-01-02T04:04:05+01:00"],
    ["/odd", "photos/odd", "whenever"],
  ])("are found by their content, with the path and the time of the catalogue: %s", (path, key, uploadedAt) => {
    const objects = listed(key);
    objects.noteContent({ key, path, uploadedAt, size: 10 }, sha256Hex("a"));
    const found = { path, key, uploadedAt, etag: md5Hex, sizeBytes: 10 };
    expect(objects.findByContent(sha256Hex("a"))).toEqual(found);
    expect(objects.head(key)).toMatchObject({ sha256: sha256Hex("a") });
  });

  test("invariant 1: other bytes whose hash begins alike are not found", () => {
    const objects = listed("a.jpg");
    objects.noteContent({ key: "a.jpg", path: "/a.jpg", uploadedAt: time, size: 10 }, sha256Hex("a"));
    expect(objects.findByContent(`${"a".repeat(63)}b`)).toBeUndefined();
  });

  test("invariant 1: what a later line says of the same object counts", () => {
    const objects = listed("a.jpg");
    objects.noteContent({ key: "a.jpg", path: "/a.jpg", uploadedAt: time, size: 10 }, sha256Hex("a"));
    objects.noteSha256("a.jpg", sha256Hex("b"));
    expect(objects.findByContent(sha256Hex("a"))).toBeUndefined();
    expect(objects.head("a.jpg")).toMatchObject({ sha256: sha256Hex("b") });
  });

  test("invariant 1: a SHA-256 that is none proves nothing", () => {
    const objects = listed("a.jpg");
    objects.noteSha256("a.jpg", sha256Hex("a"));
    objects.noteSha256("a.jpg", "nonsense");
    expect(objects.head("a.jpg")).not.toHaveProperty("sha256");
  });
});
