import { describe, expect, test } from "vitest";
import type { ObjectHead } from "../../../helper/backup/object-store.ts";
import { compareContent } from "../../../helper/backup/compare-content.ts";
import type { PhotoContent } from "../../../helper/backup/read-photo.ts";
import { bucket, engineBench, sha256Of, type EngineBench } from "../../support/engine/engine-bench.ts";

/** Once the photo's turn for the wire has come, so much time has passed, and another Mac has taken its key. */
function takeKeyBeforeItsTurn(bench: EngineBench, waitedMs: number) {
  let isTaken = false;
  return (progress: { current?: unknown }) => {
    if (isTaken || !progress.current) return;
    isTaken = true;
    bench.clock.advance(waitedMs);
    bench.s3.putObjectDirectly(bucket, "photos/Pictures/a.jpg", "hers");
  };
}

describe("a key that another Mac takes while a photo waits for its turn", () => {
  test("invariant 3: is not overwritten where conditions are ignored: the bucket is asked again", async () => {
    const bench = await engineBench({ behavior: { conditionalWrites: "ignored" } });
    bench.photo("a.jpg", "mine");
    const onProgress = takeKeyBeforeItsTurn(bench, 1_500);
    expect(await bench.run({ onProgress })).toMatchObject({ uploaded: 1, conflicts: 1 });
    expect(await bench.stored("a.jpg")).toBe(sha256Of("hers"));
    expect(await bench.stored(`a.${sha256Of("mine").slice(0, 8)}.jpg`)).toBe(sha256Of("mine"));
  });

  test("invariant 3: nor where they are honored, and there the HEAD made ahead is enough", async () => {
    const bench = await engineBench();
    bench.store.conditionalWrites = "honored";
    bench.photo("a.jpg", "mine");
    expect(await bench.run({ onProgress: takeKeyBeforeItsTurn(bench, 0) })).toMatchObject({
      uploaded: 1,
      conflicts: 1,
    });
    expect(await bench.stored("a.jpg")).toBe(sha256Of("hers"));
    bench.s3.log.clear();
    bench.photo("b.jpg");
    await bench.run({ onProgress: (progress) => void (progress.current && bench.clock.advance(1_500)) });
    expect(bench.s3.log.counts()).toMatchObject({ HeadObject: 1, PutObject: 1 });
    expect(bench.s3.log.counts().GetObject).toBeUndefined();
  });
});

describe("a store that gives no checksums and whose ETags look like MD5s and are none", () => {
  test("invariant 8: gets each photo once, and it fails as unconfirmed", async () => {
    const bench = await engineBench({ behavior: { checksums: "ignored" } });
    const path = bench.photo("a.jpg");
    bench.s3.faults.add({ kind: "wrong-etag", times: Infinity });
    for (let run = 1; run <= 3; run += 1) expect(await bench.run({ retryAll: true })).toMatchObject({ failed: 1 });
    expect(bench.s3.objects(bucket).map(({ key }) => key)).toEqual(["photos/Pictures/a.jpg"]);
    expect(bench.s3.log.counts().PutObject).toBe(1);
    expect(bench.ledger.failure(path)).toMatchObject({ code: "unconfirmed-upload" });
    expect(bench.ledger.get(path)).toBeUndefined();
  });

  test("is believed once it gives its own SHA-256, whatever its ETags are", async () => {
    const bench = await engineBench();
    bench.photo("a.jpg", "mine");
    const details = { etag: `"${"0".repeat(32)}"`, withChecksum: true };
    bench.s3.putObjectDirectly(bucket, "photos/Pictures/a.jpg", "mine", details);
    expect(await bench.run()).toMatchObject({ uploaded: 0, alreadyBackedUp: 1 });
  });
});

describe("compareContent", () => {
  const sha256 = sha256Of("photo");
  const photo: PhotoContent = {
    sha256Hex: sha256,
    sizeBytes: 5,
    contentType: "image/jpeg",
    body: Buffer.from("photo"),
    md5Hex: async () => "a".repeat(32),
  };
  const [ours, others] = ["a".repeat(32), "b".repeat(32)];
  const trusted = { ourClaim: "trusted" } as const;
  const cases: [string, Partial<ObjectHead>, string][] = [
    ["the store's own SHA-256, before any ETag", { storeSha256: sha256, etag: others }, "same"],
    ["another SHA-256 of the store's, before an agreeing claim", { storeSha256: sha256Of("x"), sha256 }, "different"],
    ["an ETag that is its MD5", { etag: ours }, "same"],
    ["another MD5", { etag: others }, "different"],
    ["another MD5 and our claim", { etag: others, sha256 }, "unproven"],
    ["an ETag of several parts and our claim", { etag: `${others}-2`, sha256 }, "same"],
    ["the size alone", { etag: `${others}-2` }, "different"],
    ["another size", { sizeBytes: 6, storeSha256: sha256 }, "different"],
  ];
  test.each(cases)("invariant 1: %s", async (_, head, expected) => {
    expect(await compareContent({ sizeBytes: 5, etagIsOpaque: false, ...head }, photo, trusted)).toBe(expected);
  });

  test("invariant 1: our claim alone proves nothing once an upload was not confirmed, and less once it was damaged", async () => {
    const head = { sizeBytes: 5, etagIsOpaque: true, etag: others, sha256 };
    expect(await compareContent(head, photo, { ourClaim: "doubted" })).toBe("unproven");
    expect(await compareContent(head, photo, { ourClaim: "disproved" })).toBe("different");
  });
});
