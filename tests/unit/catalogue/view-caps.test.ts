import { describe, expect, test } from "vitest";
import { CatalogueHistory } from "../../../helper/catalogue/catalogue-history.ts";
import { ListedObjects } from "../../../helper/catalogue/listed-objects.ts";
import { openBucketView } from "../../../helper/catalogue/open-bucket-view.ts";
import type { LedgerEntry } from "../../../helper/state/files/ledger-entry.ts";
import { catalogueBench } from "../../support/engine/catalogue-bench.ts";
import { putPiece } from "../../support/engine/put-piece.ts";
import { sessionBucket } from "../../support/engine/session-bench.ts";

const uploadedAt = "2026-01-02T03:04:05.000Z";
const key = "photos/Pictures/a.jpg";
const sha256Of = (number: number) => `${number}`.padStart(6, "0").padEnd(64, "0");

/** A catalogue that goes on about one object for ever: other paths, other hashes. */
async function viewOf(lines: number, most: { lines?: number; history?: number }) {
  const bench = await catalogueBench();
  const { etag } = bench.s3.putObjectDirectly(sessionBucket, key, "abc");
  const line = { key, size: 3, etag: etag.replaceAll('"', ""), uploadedAt };
  const all = Array.from({ length: lines }, (_, number) => ({
    ...{ ...line, path: `/${number}.jpg`, sha256: sha256Of(number), previous: [{ ...line, sha256: sha256Of(number) }] },
  }));
  const macId = "0123456789abcdef";
  await putPiece(bench.s3, { macId, number: 1 }, all.slice(0, lines / 2));
  await putPiece(bench.s3, { macId, number: 2 }, all.slice(lines / 2));
  let surplus = 0;
  const view = await openBucketView({
    ...{ store: bench.store, gate: bench.gate, prefix: "photos", pendingPhotos: 1_000, recordedPhotos: 0, most },
    ...{ signal: new AbortController().signal, isRebuilding: true, onDamaged: () => undefined },
    onSurplus: () => (surplus += 1),
  });
  const remembers = (number: number) => {
    const entry: LedgerEntry = { uploadedAt: "2026-05-05T00:00:00.000Z", size: 3, s3Key: key, proof: "found" };
    return view?.withHistory(`/${number}.jpg`, { ...entry, sha256: sha256Of(number) }).uploadedAt === uploadedAt;
  };
  return { view, surplus, remembers };
}

describe("a catalogue that says more than anybody's photos could", () => {
  test("is taken as long as it does not", async () => {
    const { view, surplus, remembers } = await viewOf(20, { lines: 40 });
    expect(surplus).toBe(0);
    expect(view?.findByContent(sha256Of(19))).toMatchObject({ key, path: "/19.jpg" });
    expect([0, 9, 10, 19].map(remembers)).toEqual([true, true, true, true]);
  });

  test("invariant 1: is told of once, and of its objects nothing is believed that what was not read might take back", async () => {
    const { view, surplus } = await viewOf(20, { lines: 39 });
    expect(surplus).toBe(1);
    expect(view?.find(key)).toMatchObject({ sizeBytes: 3 });
    expect(view?.find(key)).not.toHaveProperty("sha256");
    expect(view?.find("photos/b.jpg")).toBe("absent");
    for (let number = 0; number < 20; number += 1) expect(view?.findByContent(sha256Of(number))).toBeUndefined();
  });

  test("brings back the past of so many photos as there is room for", async () => {
    const { view, surplus, remembers } = await viewOf(20, { history: 10 });
    expect(surplus).toBe(1);
    expect([0, 1, 19].map(remembers)).toEqual([true, true, false]);
    expect(view?.findByContent(sha256Of(19))).toMatchObject({ key });
  });
});

describe("what is noted of one object", () => {
  test("takes the room of one, whatever hashes it is given", () => {
    const objects = new ListedObjects();
    objects.add(key, 3, "e");
    for (let number = 0; number < 100; number += 1) {
      objects.noteContent({ key, path: "/a.jpg", size: 3, uploadedAt }, sha256Of(number));
    }
    expect(objects.findByContent(sha256Of(99))).toMatchObject({ key });
    expect(objects.contentCount).toBe(1);
  });

  test("keeps its path when there are too many beginnings of paths", () => {
    const objects = new ListedObjects();
    for (let number = 0; number < 3; number += 1) objects.add(`photos/${number}.jpg`, 3, "e");
    for (let number = 0; number < 10_100; number += 1) {
      const content = { key: `photos/${number % 3}.jpg`, path: `/folder ${number}/of/it`, size: 3, uploadedAt };
      objects.noteContent(content, sha256Of(number % 3));
    }
    expect([0, 1, 2].map((number) => objects.findByContent(sha256Of(number))?.path)).toEqual(
      [10_098, 10_099, 10_097].map((number) => `/folder ${number}/of/it`),
    );
  });
});

describe("a history", () => {
  const line = { key, size: 3, etag: "e", uploadedAt, sha256: sha256Of(1) };

  test("counts versions too", () => {
    const history = new CatalogueHistory(10);
    expect(history.note({ ...line, path: "/a.jpg", previous: Array.from({ length: 10 }, () => line) })).toBe(false);
    expect(history.note({ ...line, path: "/a.jpg", previous: Array.from({ length: 8 }, () => line) })).toBe(true);
    expect(history.note({ ...line, path: "/b.jpg" })).toBe(true);
    expect(history.note({ ...line, path: "/c.jpg" })).toBe(false);
  });

  test("keeps apart what two Macs have under the same path", () => {
    const history = new CatalogueHistory();
    const others = { ...line, key: "photos/Pictures/a.12345678.jpg", sha256: sha256Of(2) };
    history.note({ ...line, path: "/a.jpg", previous: [{ ...line, key: "photos/old.jpg" }] });
    history.note({ ...others, path: "/a.jpg" });
    const found = { uploadedAt: "2026-05-05T00:00:00.000Z", size: 3, proof: "found" } as const;
    const mine = history.complete("/a.jpg", { ...found, s3Key: key, sha256: sha256Of(1) });
    expect(mine).toMatchObject({ uploadedAt, previous: [{ s3Key: "photos/old.jpg" }] });
    const hers = history.complete("/a.jpg", { ...found, s3Key: others.key, sha256: sha256Of(2) });
    expect(hers).toMatchObject({ uploadedAt });
    expect(hers).not.toHaveProperty("previous");
  });
});
