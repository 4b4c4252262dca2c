import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { BucketView, ViewedObject } from "../../../helper/backup/bucket-view.ts";
import type { ObjectHead } from "../../../helper/backup/object-store.ts";
import { bucket, engineBench, sha256Of, type EngineBench } from "../../support/engine/engine-bench.ts";

const keyOf = (name: string) => `photos/Pictures/${name}`;

/** A view that knows these keys, and that there is nothing else. */
function viewOf(known: Record<string, Partial<ObjectHead>>, byContent: Record<string, ViewedObject> = {}): BucketView {
  return {
    find: (key) => {
      const head = known[key];
      return head ? { sizeBytes: 0, etagIsOpaque: false, ...head } : "absent";
    },
    findByContent: (sha256Hex) => byContent[sha256Hex],
    isChanged: () => false,
    withHistory: (_, entry) => entry,
  };
}

function operations(bench: EngineBench): string[] {
  return bench.s3.requests.map(({ operation }) => String(operation)).filter((name) => name !== "ListObjectsV2");
}

async function runWith(bench: EngineBench, view: BucketView) {
  return bench.run({ openBucketView: async () => view, retryAll: true });
}

describe("a key that a whole listing does not have", () => {
  test("invariant 3: is written to without a HEAD where the store honors the condition", async () => {
    const bench = await engineBench();
    bench.store.conditionalWrites = "honored";
    for (let index = 0; index < 20; index += 1) bench.photo(`${index}.jpg`);
    expect(await runWith(bench, viewOf({}))).toMatchObject({ uploaded: 20 });
    expect(bench.s3.log.counts().HeadObject).toBeUndefined();
    expect(bench.s3.requests.length / 20).toBeLessThanOrEqual(1.05);
  });

  test("without a view a new photo takes two requests", async () => {
    const bench = await engineBench();
    bench.store.conditionalWrites = "honored";
    for (let index = 0; index < 20; index += 1) bench.photo(`${index}.jpg`);
    await bench.run();
    expect(bench.s3.requests.length / 20).toBeLessThanOrEqual(2.05);
  });

  test.each(["refused", "ignored", "unknown"] as const)(
    "invariant 3: is asked for where conditions are %s",
    async (kind) => {
      const bench = await engineBench();
      bench.store.conditionalWrites = kind;
      bench.photo("a.jpg");
      await runWith(bench, viewOf({}));
      expect(operations(bench)).toContain("HeadObject");
    },
  );

  test("is asked for when the photo is large, or an earlier attempt failed", async () => {
    const bench = await engineBench();
    bench.store.conditionalWrites = "honored";
    bench.photo("large.mov", Buffer.alloc(17 * 1024 * 1024, "large"));
    const failed = bench.photo("failed.jpg");
    const at = new Date(bench.clock.now()).toISOString();
    const failure = { code: "unconfirmed-upload", kind: "failed" as const, attempts: 1, firstAt: at, lastAt: at };
    bench.ledger.fail(failed, failure);
    expect(await runWith(bench, viewOf({}))).toMatchObject({ uploaded: 2 });
    expect(bench.s3.log.counts().HeadObject).toBe(2);
  });

  test("invariant 3: taken since the listing, by the same bytes or by others, is neither lost nor overwritten", async () => {
    const bench = await engineBench();
    bench.store.conditionalWrites = "honored";
    const mine = bench.photo("a.jpg", "mine");
    bench.photo("b.jpg", "same");
    bench.s3.putObjectDirectly(bucket, keyOf("a.jpg"), "hers");
    bench.s3.putObjectDirectly(bucket, keyOf("b.jpg"), "same");
    expect(await runWith(bench, viewOf({}))).toMatchObject({ uploaded: 1, alreadyBackedUp: 1, conflicts: 1 });
    expect(await bench.stored("a.jpg")).toBe(sha256Of("hers"));
    expect(bench.ledger.get(mine)?.conflictsWith).toEqual([keyOf("a.jpg")]);
  });
});

describe("an object that the listing shows", () => {
  test.each([
    ["by the catalogue's sha256", { sha256: sha256Of("same"), etag: `${"f".repeat(32)}-2` }],
    ["by an ETag that is its MD5", { etag: "51037a4a37730f52c8732586d3aaa316" }],
  ])("invariant 1: is recorded without any request of its own %s", async (_, head) => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", "same");
    const view = viewOf({ [keyOf("a.jpg")]: { sizeBytes: 4, ...head } });
    expect(await runWith(bench, view)).toMatchObject({ uploaded: 0, alreadyBackedUp: 1, conflicts: 0 });
    expect(operations(bench)).toEqual([]);
    expect(bench.ledger.get(path)).toMatchObject({ s3Key: keyOf("a.jpg"), proof: "found" });
  });

  test.each([
    ["size alone", { sizeBytes: 4 }],
    ["another size", { sizeBytes: 5, sha256: sha256Of("same") }],
    ["another sha256", { sizeBytes: 4, sha256: sha256Of("hers") }],
    ["another MD5", { sizeBytes: 4, etag: "a".repeat(32) }],
    ["an ETag in parts", { sizeBytes: 4, etag: `${"a".repeat(32)}-2` }],
  ])("invariant 1: proves nothing by its %s: it is asked for", async (_, head) => {
    const bench = await engineBench();
    bench.photo("a.jpg", "same");
    bench.s3.putObjectDirectly(bucket, keyOf("a.jpg"), "same");
    await runWith(bench, viewOf({ [keyOf("a.jpg")]: head }));
    expect(operations(bench)).toEqual(["HeadObject"]);
  });

  test("invariant 1: is not believed after an attempt whose bytes arrived damaged", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", "same");
    const at = new Date(bench.clock.now()).toISOString();
    bench.ledger.fail(path, { code: "checksum-mismatch", kind: "failed", attempts: 1, firstAt: at, lastAt: at });
    bench.s3.putObjectDirectly(bucket, keyOf("a.jpg"), "torn", { metadata: { sha256: sha256Of("same") } });
    await runWith(bench, viewOf({ [keyOf("a.jpg")]: { sizeBytes: 4, sha256: sha256Of("same") } }));
    expect(bench.ledger.get(path)?.s3Key).toBe(keyOf(`a.${sha256Of("same").slice(0, 8)}.jpg`));
  });

  test("invariant 1: is not believed where a poisoned catalogue gives it our sha256 and its ETag is another MD5", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", "same");
    const copy = bench.photo("copy.jpg", "twin");
    for (const name of ["a.jpg", "hers.jpg"]) bench.s3.putObjectDirectly(bucket, keyOf(name), "hers");
    const etag = createHash("md5").update("hers").digest("hex");
    const poisoned = (content: string) => ({ sizeBytes: 4, etag, sha256: sha256Of(content) });
    const uploadedAt = "2025-01-01T00:00:00.000Z";
    const twin = { path: "/hers.jpg", key: keyOf("hers.jpg"), sizeBytes: 4, etag, uploadedAt };
    const known = { [keyOf("a.jpg")]: poisoned("same"), [keyOf("hers.jpg")]: poisoned("twin") };
    const view = viewOf(known, { [sha256Of("twin")]: twin });
    expect(await runWith(bench, view)).toMatchObject({ uploaded: 2, alreadyBackedUp: 0, duplicates: 0 });
    expect(bench.ledger.get(path)?.s3Key).toBe(keyOf(`a.${sha256Of("same").slice(0, 8)}.jpg`));
    expect(bench.ledger.get(copy)?.s3Key).toBe(keyOf("copy.jpg"));
  });

  test("holds the same bytes under another Mac's path: nothing is sent", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", "same");
    const uploadedAt = "2025-01-01T00:00:00.000Z";
    const other = { path: "/other/b.jpg", key: "photos/Other/b.jpg", sizeBytes: 4, etag: "e", uploadedAt };
    const head = { sizeBytes: 4, etag: "e", sha256: sha256Of("same") };
    const view = viewOf({ [other.key]: head }, { [sha256Of("same")]: other });
    expect(await runWith(bench, view)).toMatchObject({ uploaded: 0, duplicates: 1 });
    expect(bench.ledger.get(path)).toMatchObject({ s3Key: other.key, uploadedAt });
  });
});
