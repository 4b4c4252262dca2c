import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { BucketView } from "../../../helper/backup/bucket-view.ts";
import { bucket, engineBench, sha256Of } from "../../support/engine/engine-bench.ts";

const keyOf = (name: string) => `photos/Pictures/${name}`;
const hourMs = 3_600_000;

/** A view that shows one photo as it was when it was listed, and turns the clock before it is asked for the second. */
async function runWithAged(passedMs: number) {
  const bench = await engineBench();
  bench.store.conditionalWrites = "honored";
  const path = bench.photo("b.jpg", "same");
  bench.photo("a.jpg");
  const etag = createHash("md5").update("same").digest("hex");
  const view: BucketView = {
    find(key) {
      if (key === keyOf("a.jpg")) bench.clock.advance(passedMs);
      return key === keyOf("b.jpg") ? { sizeBytes: 4, etag, etagIsOpaque: false } : "absent";
    },
    findByContent: () => undefined,
    isChanged: () => false,
    withHistory: (_, entry) => entry,
  };
  const summary = await bench.run({ openBucketView: async () => view });
  return { bench, path, summary };
}

describe("an object that was listed", () => {
  test.each([
    ["hours ago", 2 * hourMs],
    ["by a clock that was set back since", -hourMs],
  ])("invariant 1: is asked for again before it counts, when that was %s", async (_, passedMs) => {
    const { bench, path, summary } = await runWithAged(passedMs);
    // Somebody has deleted it meanwhile.
    expect(summary).toMatchObject({ uploaded: 2, alreadyBackedUp: 0 });
    expect(bench.ledger.get(path)).toMatchObject({ proof: "uploaded", s3Key: keyOf("b.jpg") });
    expect(await bench.stored("b.jpg")).toBe(sha256Of("same"));
  });

  test("counts for a while", async () => {
    const { bench, summary } = await runWithAged(60_000);
    expect(summary).toMatchObject({ uploaded: 1, alreadyBackedUp: 1 });
    expect(bench.s3.log.counts().HeadObject).toBeUndefined();
  });

  test("what was not listed needs no HEAD later either, since the store itself refuses a taken key", async () => {
    const { bench } = await runWithAged(2 * hourMs);
    const heads = bench.s3.requests.filter(({ operation }) => operation === "HeadObject");
    expect(heads.map(({ key }) => key)).toEqual([keyOf("b.jpg")]);
    expect(bench.s3.objects(bucket)).toHaveLength(2);
  });
});
