import { describe, expect, test } from "vitest";
import { isAllPresent } from "../../../helper/verify/verify-summary.ts";
import { bucket, engineBench, sha256Of, type EngineBench } from "../../support/engine/engine-bench.ts";
import { flipBit, verified, verifyRun, withListing } from "../../support/engine/verify-bench.ts";

const keyOf = (name: string) => `photos/Pictures/${name}`;

async function backedUp(count = 3, options: Parameters<typeof engineBench>[0] = {}): Promise<EngineBench> {
  const bench = await engineBench(options);
  for (let number = 1; number <= count; number += 1) bench.photo(`${number}.jpg`);
  await bench.run();
  return bench;
}

/** Requests of one kind from now on. */
function counting(bench: EngineBench) {
  const before = bench.s3.requests.length;
  return (operation: string) => bench.s3.requests.slice(before).filter((found) => found.operation === operation).length;
}

describe("a verification by listing", () => {
  test("finds a whole backup with one request, and counts what is not ours", async () => {
    const bench = await backedUp();
    bench.s3.putObjectDirectly(bucket, "photos/stranger.jpg", "another tool's");
    bench.s3.putObjectDirectly(bucket, "photos/.photolala/mac/1.jsonl.gz", "our catalogue");
    bench.s3.putObjectDirectly(bucket, "photosmore/not-under-the-prefix.jpg", "elsewhere");
    const requests = counting(bench);
    const summary = await verified(bench);
    expect(summary).toMatchObject({ method: "listing", photos: 3, objects: 3, present: 3, extra: 1, findings: [] });
    expect(isAllPresent(summary)).toBe(true);
    expect([requests("ListObjectsV2"), requests("HeadObject"), requests("GetObject")]).toEqual([1, 0, 0]);
  });

  test("invariant 1: tells an object that is gone, one of another size and one of other bytes", async () => {
    const bench = await backedUp(4);
    bench.s3.deleteObjectDirectly(bucket, keyOf("1.jpg"));
    bench.s3.putObjectDirectly(bucket, keyOf("2.jpg"), "longer than it was before");
    bench.s3.putObjectDirectly(bucket, keyOf("3.jpg"), "photo 9.jpg");
    const summary = await verified(bench);
    expect(summary).toMatchObject({ present: 1, missing: 1, changed: 2 });
    expect(summary.findings.map(({ key, verdict }) => [key, verdict])).toEqual([
      [keyOf("1.jpg"), "missing"],
      [keyOf("2.jpg"), "changed"],
      [keyOf("3.jpg"), "changed"],
    ]);
    expect(isAllPresent(summary)).toBe(false);
  });

  test("believes another ETag when the store's own SHA-256 is the same, and asks no further when it is not", async () => {
    const bench = await backedUp(2);
    const copied = { etag: '"0123456789abcdef0123456789abcdef-2"', withChecksum: true };
    bench.s3.putObjectDirectly(bucket, keyOf("1.jpg"), "photo 1.jpg", copied);
    bench.s3.putObjectDirectly(bucket, keyOf("2.jpg"), "photo X.jpg", copied);
    expect(await verified(bench)).toMatchObject({ present: 1, changed: 1 });
  });

  test("calls unclear what claims to be the photo and has the MD5 of something else, until its bytes are read", async () => {
    const bench = await backedUp(1);
    const metadata = { sha256: sha256Of("photo 1.jpg") };
    bench.s3.putObjectDirectly(bucket, keyOf("1.jpg"), "photo X.jpg", { metadata });
    expect(await verified(bench)).toMatchObject({ unproved: 1, present: 0 });
    expect(await verified(bench, { readPercent: 100 })).toMatchObject({ changed: 1, unproved: 0 });
  });

  test("asks for what a listing leaves out before it calls it gone: MinIO hides keys below a key", async () => {
    const bench = await backedUp(3);
    const store = withListing(bench.store, async (...given) => {
      const page = await bench.store.list(...given);
      return { ...page, objects: page.objects.filter(({ key }) => key !== keyOf("2.jpg")) };
    });
    expect(await verified(bench, { store })).toMatchObject({ present: 3, missing: 0 });
  });

  test("calls nothing gone when the whole bucket is not there", async () => {
    const bench = await backedUp(2);
    const store = withListing(bench.store, async () => ({ objects: [] }));
    bench.s3.faults.add({ kind: "status", status: 404, code: "NoSuchBucket", times: Infinity });
    await expect(verified(bench, { store })).rejects.toMatchObject({ code: "bucket-missing" });
  });

  test("goes through all pages, and never round in a circle", async () => {
    const bench = await backedUp(1);
    const page = { objects: [], continuation: "again" };
    await expect(verified(bench, { store: withListing(bench.store, async () => page) })).rejects.toMatchObject({
      code: "not-s3",
    });
  });

  test("finds earlier versions too", async () => {
    const bench = await backedUp(1);
    bench.photo("1.jpg", "edited");
    bench.clock.advance(60_000);
    await bench.run();
    expect(await verified(bench)).toMatchObject({ photos: 1, objects: 2, present: 2 });
    bench.s3.deleteObjectDirectly(bucket, keyOf("1.jpg"));
    expect((await verified(bench)).findings).toMatchObject([{ key: keyOf("1.jpg"), isEarlier: true }]);
  });
});

describe("a verification where the bucket may not be listed", () => {
  const denied = (bench: EngineBench) => (bench.s3.accessKeys[0]!.deniedActions = ["s3:ListBucket"]);

  test("asks for each object", async () => {
    const bench = await backedUp(5);
    denied(bench);
    const requests = counting(bench);
    expect(await verified(bench)).toMatchObject({ method: "heads", present: 5, extra: 0 });
    expect(requests("HeadObject")).toBe(5);
  });

  test("invariant 1: a bare 404 of everything is no loss where the store says that the key is unknown", async () => {
    const bench = await engineBench();
    bench.photo("a.jpg");
    await bench.run();
    bench.s3.faults.add({ kind: "status", status: 404, code: "XAdminUserNotFound", times: Infinity });
    await expect(verified(bench, { isListed: false })).rejects.toMatchObject({ code: "credentials-refused" });
  });

  test("asks for a sample where all are too many, says so, and takes others with another seed", async () => {
    const bench = await backedUp(12);
    denied(bench);
    const summary = await verified(bench, { headsMost: 4 });
    expect(summary).toMatchObject({ method: "sample", present: 4, notAsked: 8 });
    expect(isAllPresent(summary)).toBe(false);
    const asked = async (seed: string) => {
      const before = bench.s3.requests.length;
      await verified(bench, { headsMost: 4, seed });
      return bench.s3.requests.slice(before).flatMap(({ operation, key }) => (operation === "HeadObject" ? [key] : []));
    };
    expect((await asked("a")).sort()).toEqual((await asked("a")).sort());
    expect((await asked("a")).sort()).not.toEqual((await asked("b")).sort());
  });

  test("calls unclear what the service neither shows nor denies, and not gone", async () => {
    const bench = await backedUp(3);
    denied(bench);
    bench.s3.deleteObjectDirectly(bucket, keyOf("2.jpg"));
    expect(await verified(bench)).toMatchObject({ present: 2, unproved: 1, missing: 0 });
  });

  test("says that it is not allowed when it may see nothing at all", async () => {
    const bench = await backedUp(2);
    bench.s3.accessKeys[0]!.deniedActions = ["s3:ListBucket", "s3:GetObject"];
    await expect(verified(bench)).rejects.toMatchObject({ code: "permission-denied" });
  });
});

describe("reading the bytes", () => {
  test("invariant 1: finds a bit that the store lost and does not know of", async () => {
    const bench = await backedUp(3);
    flipBit(bench, bucket, keyOf("2.jpg"));
    expect(await verified(bench)).toMatchObject({ present: 3 });
    const summary = await verified(bench, { readPercent: 100 });
    expect(summary).toMatchObject({ present: 2, changed: 1, read: { percent: 100, objects: 3, proved: 2 } });
    expect(summary.read?.bytes).toBe(2 * "photo 1.jpg".length);
  });

  test("a download that is cut off once is tried again; one that always is proves nothing and condemns nothing", async () => {
    const bench = await backedUp(2);
    bench.s3.faults.add({ kind: "truncate-read", match: { keyPattern: "1.jpg" } });
    const always = bench.s3.faults.add({ kind: "truncate-read", match: { keyPattern: "2.jpg" }, times: Infinity });
    const summary = await verified(bench, { readPercent: 100 });
    expect(summary).toMatchObject({ present: 1, unproved: 1, changed: 0, read: { objects: 1, proved: 1 } });
    expect(always.fired).toBe(3);
    bench.s3.faults.assertAllFired();
  });

  test("reads a share, the same one for the same seed", async () => {
    const bench = await backedUp(20);
    const first = await verified(bench, { readPercent: 30 });
    const read = first.read?.objects ?? 0;
    expect(read).toBeGreaterThan(0);
    expect(read).toBeLessThan(20);
    expect((await verified(bench, { readPercent: 30 })).read).toEqual(first.read);
  });

  test("stopped half-way it knows nothing of the rest", async () => {
    const bench = await backedUp(9);
    const run = verifyRun(bench, { readPercent: 100 });
    const steps = run.steps();
    await expect(async () => {
      for (let step = await steps.next(); !step.done; step = await steps.next()) {
        if ((run.summary.read?.objects ?? 0) > 0) bench.stopping.abort(new Error("stopped"));
      }
    }).rejects.toThrow("stopped");
    expect(run.summary.read?.objects).toBeLessThan(9);
  });

  test("an outage is waited out", async () => {
    const bench = await backedUp(2);
    for (const operation of ["ListObjectsV2", "GetObject"] as const)
      bench.s3.faults.add({ kind: "status", status: 503, code: "SlowDown", match: { operation } });
    expect(await verified(bench, { readPercent: 100 })).toMatchObject({ present: 2, read: { proved: 2 } });
    bench.s3.faults.assertAllFired();
  });
});

test("an encrypted object, whose bytes are not the photo's, is told by its ETag alone and never called changed", async () => {
  const bench = await backedUp(2);
  for (const [path, entry] of [...bench.ledger.entries()])
    bench.ledger.put(path, { ...entry, size: entry.size - 1, sha256: sha256Of("plain"), encryption: "v1" });
  expect(await verified(bench, { readPercent: 100 })).toMatchObject({ present: 2, changed: 0, read: { objects: 0 } });
  bench.s3.putObjectDirectly(bucket, keyOf("1.jpg"), "somebody else's");
  expect(await verified(bench)).toMatchObject({ present: 1, unproved: 1, changed: 0 });
});
