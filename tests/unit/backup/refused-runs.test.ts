import { describe, expect, test } from "vitest";
import { engineBench } from "../../support/engine/engine-bench.ts";

/** As each store sends it: a person must read "full", and the run must stop at the first photo. */
const fullStores = [
  ["MinIO, its disks", 507, "XMinioStorageFull", "Storage backend has reached its minimum free drive threshold."],
  ["MinIO, the bucket's quota", 400, "XMinioAdminBucketQuotaExceeded", "Bucket quota exceeded"],
  ["Ceph", 403, "QuotaExceeded", "QuotaExceeded"],
  ["versitygw", 403, "QuotaExceeded", "Your request was denied due to quota exceeded."],
  [
    "Garage",
    403,
    "AccessDenied",
    "Forbidden: Object size quota is reached, maximum total size of objects for this bucket: 1",
  ],
  [
    "B2",
    403,
    "AccessDenied",
    "Cannot upload files, storage cap exceeded. See the Caps & Alerts page to increase your cap.",
  ],
  ["B2, its code", 403, "cap_exceeded", "Storage cap exceeded"],
] as const;

const photosMost = 20;

async function benchWithPhotos(options: Parameters<typeof engineBench>[0] = {}) {
  const bench = await engineBench(options);
  for (let index = 0; index < photosMost; index += 1) bench.photo(`${index}.jpg`);
  const count = (operation: string) => bench.s3.requests.filter((request) => request.operation === operation).length;
  return { ...bench, count };
}

describe("a store that is full", () => {
  test.each(fullStores)(
    "%s: stops the run once, and no photo is called failed",
    async (_store, status, code, message) => {
      const bench = await benchWithPhotos();
      bench.s3.faults.add({
        kind: "status",
        status,
        code,
        message,
        times: Infinity,
        match: { operation: "PutObject" },
      });
      await expect(bench.run()).rejects.toMatchObject({
        code: "quota-exceeded",
        reason: { title: "Storage Full", retry: "half-hourly", action: "store-quota" },
      });
      // The next one may have been handed over before the first was answered.
      expect(bench.count("PutObject")).toBeLessThanOrEqual(2);
      expect([...bench.ledger.failures()]).toEqual([]);
      expect(bench.s3.objects("photos-of-mine")).toEqual([]);
    },
  );
});

describe("a missing permission", () => {
  test.each(["s3:GetObject", "s3:PutObject", "s3:ListBucket"])(
    "%s: is named, and stops the run once",
    async (action) => {
      const bench = await benchWithPhotos({ deniedActions: [action] });
      await expect(bench.run()).rejects.toMatchObject({
        code: "permission-denied",
        detail: expect.stringContaining(`${action} is missing`),
      });
      expect([...bench.ledger.failures()]).toEqual([]);
      expect(bench.s3.requests.length).toBeLessThan(10);
    },
  );

  test("one listing explains all refusals that come at once", async () => {
    const bench = await engineBench({ deniedActions: ["s3:GetObject"] });
    const heads = Array.from({ length: 8 }, (_, index) => bench.store.head(`photos/${index}.jpg`));
    for (const head of await Promise.allSettled(heads)) {
      expect(head).toMatchObject({ status: "rejected", reason: { code: "permission-denied" } });
    }
    expect(bench.s3.requests.filter(({ operation }) => operation === "ListObjectsV2").length).toBeLessThan(4);
  });

  test("a run asks once more why it was refused, not once a photo", async () => {
    const bench = await benchWithPhotos({ deniedActions: ["s3:GetObject"] });
    await expect(bench.run()).rejects.toMatchObject({ code: "permission-denied" });
    expect(bench.count("HeadObject")).toBeGreaterThan(1);
    // One begins every run, and one explains.
    expect(bench.count("ListObjectsV2")).toBe(2);
  });
});

describe("a page of something in between", () => {
  test("amid good answers holds nobody up but for a moment", async () => {
    const bench = await benchWithPhotos();
    bench.s3.faults.add({ kind: "html-answer", match: { operation: "PutObject", nth: 5 } });
    bench.s3.faults.add({ kind: "html-answer", match: { operation: "HeadObject", nth: 9 } });
    expect(await bench.run()).toMatchObject({ uploaded: photosMost, failed: 0 });
    bench.s3.faults.assertAllFired();
  });

  test("to everything stops the run", async () => {
    const bench = await benchWithPhotos();
    bench.s3.faults.add({ kind: "html-answer", times: Infinity });
    await expect(bench.run()).rejects.toMatchObject({ code: "not-s3" });
  });
});
