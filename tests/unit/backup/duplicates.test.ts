import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bucket, engineBench, sha256Of, type EngineBench } from "../../support/engine/engine-bench.ts";

const keyOf = (name: string) => `photos/Pictures/${name}`;
const puts = (bench: EngineBench) => bench.s3.log.counts().PutObject ?? 0;

describe("a photo whose bytes are recorded under another path", () => {
  test.each(["b.jpg", "b.xmp", "b.AAE"])(
    "is recorded without an upload, after one HEAD of that object: %s",
    async (name) => {
      const bench = await engineBench();
      bench.photo("2024/a.jpg", "same bytes");
      await bench.run();
      const requests = bench.s3.requests.length;
      const copy = bench.photo(`elsewhere/${name}`, "same bytes");
      expect(await bench.run()).toMatchObject({ uploaded: 0, alreadyBackedUp: 2, duplicates: 1, bytesUploaded: 0 });
      // The bucket itself is asked once a run; one HEAD is the photo's.
      expect(bench.s3.requests.slice(requests).map(({ operation }) => operation)).toEqual([
        "ListObjectsV2",
        "HeadObject",
      ]);
      expect(bench.ledger.get(copy)).toMatchObject({
        s3Key: keyOf("2024/a.jpg"),
        sha256: sha256Of("same bytes"),
        proof: "found",
      });
      expect(await bench.run()).toMatchObject({ requests: 0, alreadyBackedUp: 2, duplicates: 0 });
    },
  );

  test("invariant 4: moved with its folder, is recorded at both paths, the old one as missing", async () => {
    const bench = await engineBench();
    const paths = ["a.jpg", "b.jpg", "c.jpg"].map((name) => bench.photo(`Old/${name}`));
    await bench.run();
    const entries = paths.map((path) => bench.ledger.get(path));
    renameSync(join(bench.folder, "Old"), join(bench.folder, "New"));
    expect(await bench.run()).toMatchObject({ scanned: 3, uploaded: 0, duplicates: 3 });
    for (const [index, path] of paths.entries()) {
      const { s3Key, uploadedAt } = entries[index] ?? {};
      expect(bench.ledger.get(path)?.missingSince).toBeDefined();
      expect(bench.ledger.get(path.replace("/Old/", "/New/"))).toMatchObject({ s3Key, uploadedAt });
    }
    expect(bench.s3.objects(bucket)).toHaveLength(3);
  });

  test("invariant 5: two new ones of the same bytes, prepared side by side, are one upload", async () => {
    const bench = await engineBench();
    const paths = ["a.jpg", "b.jpg", "c.jpg", "d.jpg"].map((name) => bench.photo(name, "four of a kind"));
    expect(await bench.run()).toMatchObject({ uploaded: 1, alreadyBackedUp: 3, duplicates: 3 });
    expect(puts(bench)).toBe(1);
    expect(new Set(paths.map((path) => bench.ledger.get(path)?.s3Key)).size).toBe(1);
  });

  test("large ones of the same bytes are one upload too", async () => {
    const bench = await engineBench();
    const large = Buffer.alloc(17 * 1024 * 1024, "large file ");
    bench.photo("a.mov", large);
    bench.photo("b.mov", large);
    expect(await bench.run()).toMatchObject({ uploaded: 1, duplicates: 1 });
    expect(puts(bench)).toBe(1);
  });

  test("invariant 1: is uploaded when that object has gone", async () => {
    const bench = await engineBench();
    const first = bench.photo("a.jpg", "same bytes");
    await bench.run();
    bench.s3.deleteObjectDirectly(bucket, keyOf("a.jpg"));
    rmSync(first);
    const copy = bench.photo("b.jpg", "same bytes");
    expect(await bench.run()).toMatchObject({ uploaded: 1, duplicates: 0 });
    expect(bench.ledger.get(copy)).toMatchObject({ s3Key: keyOf("b.jpg"), proof: "uploaded" });
    expect(await bench.stored("b.jpg")).toBe(sha256Of("same bytes"));
  });

  test.each([
    ["another size", "longer than before", {}],
    ["the same size and no sha256", "gnother one", {}],
    ["the same size and another sha256", "gnother one", { metadata: { sha256: sha256Of("gnother one") } }],
    ["our sha256, and other bytes by the store's", "gnother one", { metadata: { sha256: sha256Of("same bytes!") } }],
  ])("invariant 1: is uploaded when that object was replaced by one of %s", async (_, bytes, details) => {
    const bench = await engineBench();
    const first = bench.photo("a.jpg", "same bytes!");
    await bench.run();
    bench.s3.putObjectDirectly(bucket, keyOf("a.jpg"), bytes, details);
    rmSync(first);
    const copy = bench.photo("b.jpg", "same bytes!");
    expect(await bench.run()).toMatchObject({ uploaded: 1, duplicates: 0, conflicts: 0 });
    expect(bench.ledger.get(copy)?.s3Key).toBe(keyOf("b.jpg"));
    expect(await bench.stored("b.jpg")).toBe(sha256Of("same bytes!"));
  });

  test("invariant 1: an encrypted photo's object is no copy of plain bytes", async () => {
    const bench = await engineBench();
    const first = bench.photo("a.jpg", "same bytes");
    await bench.run();
    const entry = bench.ledger.get(first);
    if (entry) bench.ledger.put(first, { ...entry, encryption: "aes" });
    bench.photo("b.jpg", "same bytes");
    expect(await bench.run()).toMatchObject({ uploaded: 1, duplicates: 0 });
  });

  test("a copy of what an edit replaced is found as well", async () => {
    const bench = await engineBench();
    bench.photo("a.jpg", "as it was taken");
    await bench.run();
    bench.photo("a.jpg", "with the horizon straight");
    await bench.run();
    const copy = bench.photo("from the old disk.jpg", "as it was taken");
    expect(await bench.run()).toMatchObject({ uploaded: 0, duplicates: 1 });
    expect(bench.ledger.get(copy)?.s3Key).toBe(keyOf("a.jpg"));
  });

  test("touched, a copy is proved by one HEAD of the object it shares", async () => {
    const bench = await engineBench();
    bench.photo("a.jpg", "same bytes");
    const copy = bench.photo("b.jpg", "same bytes");
    await bench.run();
    renameSync(copy, `${copy}.tmp`);
    renameSync(`${copy}.tmp`, copy);
    const before = bench.s3.requests.length;
    expect(await bench.run()).toMatchObject({ uploaded: 0, alreadyBackedUp: 2, duplicates: 0 });
    expect(bench.s3.requests.slice(before).filter(({ operation }) => operation === "HeadObject")).toHaveLength(1);
  });

  test("when the first of two fails, the second is uploaded", async () => {
    const bench = await engineBench();
    const first = bench.photo("a.jpg", "same bytes");
    const second = bench.photo("b.jpg", "same bytes");
    let looks = 0;
    bench.hooks.lstat = (seen) => {
      if (seen === first && ++looks === 2) bench.photo("a.jpg", "changed meanwhile");
    };
    expect(await bench.run()).toMatchObject({ uploaded: 1, deferred: 1 });
    expect(bench.ledger.get(second)).toMatchObject({ s3Key: keyOf("b.jpg"), proof: "uploaded" });
  });
});
