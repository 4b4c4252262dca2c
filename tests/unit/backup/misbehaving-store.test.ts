import { describe, expect, test } from "vitest";
import type { ObjectStore, PutOutcome } from "../../../helper/backup/object-store.ts";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { bucket, engineBench, sha256Of, touch } from "../../support/engine/engine-bench.ts";

const put = { operation: "PutObject" } as const;

describe("an upload without an answer", () => {
  test("invariant 6: whose object was stored is found to be our own, no conflict, and not sent again", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg");
    bench.s3.faults.add({ kind: "cut-after-store", match: put });
    expect(await bench.run()).toMatchObject({ uploaded: 1, alreadyBackedUp: 0, conflicts: 0 });
    bench.s3.faults.assertAllFired();
    expect(bench.s3.objects(bucket).map(({ key }) => key)).toEqual(["photos/Pictures/a.jpg"]);
    expect(bench.s3.log.counts().PutObject).toBe(1);
    expect(bench.ledger.get(path)).toMatchObject({ s3Key: "photos/Pictures/a.jpg", proof: "uploaded" });
  });

  test("whose object was not stored is sent again", async () => {
    const bench = await engineBench();
    bench.photo("a.jpg");
    bench.s3.faults.add({ kind: "cut-before-store", match: put, times: 3 });
    expect(await bench.run()).toMatchObject({ uploaded: 1, conflicts: 0 });
    bench.s3.faults.assertAllFired();
    expect(bench.s3.log.counts().PutObject).toBe(4);
  });

  test("and whose key somebody else took meanwhile is a conflict, and both are kept", async () => {
    const bench = await engineBench();
    bench.photo("a.jpg", "mine");
    const fault = bench.s3.faults.add({ kind: "cut-before-store", match: put });
    bench.clock.onSleep = () => {
      if (fault.fired === 1) bench.s3.putObjectDirectly(bucket, "photos/Pictures/a.jpg", "hers");
    };
    expect(await bench.run()).toMatchObject({ uploaded: 1, conflicts: 1 });
    expect(await bench.stored("a.jpg")).toBe(sha256Of("hers"));
    expect(await bench.stored(`a.${sha256Of("mine").slice(0, 8)}.jpg`)).toBe(sha256Of("mine"));
  });
});

describe("a store that cannot take it now", () => {
  test("503 with Retry-After is waited out in full", async () => {
    const bench = await engineBench();
    bench.photo("a.jpg");
    bench.s3.faults.add({ kind: "status", status: 503, code: "SlowDown", retryAfter: 77, match: put });
    expect(await bench.run()).toMatchObject({ uploaded: 1 });
    expect(bench.clock.sleeps).toContain(77_000);
    bench.s3.faults.assertAllFired();
  });

  test("409 ConditionalRequestConflict is tried again", async () => {
    const bench = await engineBench();
    bench.photo("a.jpg");
    bench.s3.faults.add({ kind: "status", status: 409, code: "ConditionalRequestConflict", match: put });
    expect(await bench.run()).toMatchObject({ uploaded: 1, conflicts: 0 });
    bench.s3.faults.assertAllFired();
  });

  test("invariant 8: 503 to every upload, while questions are answered, ends the run after its patience", async () => {
    const bench = await engineBench();
    for (const name of ["a", "b", "c", "d", "e", "f"]) bench.photo(`${name}.jpg`);
    bench.s3.faults.add({ kind: "status", status: 503, code: "SlowDownWrite", times: Infinity, match: put });
    await expect(bench.run()).rejects.toMatchObject({ code: "throttled" });
    expect(bench.s3.log.counts().PutObject).toBeLessThan(30);
    expect([...bench.ledger.entries()]).toEqual([]);
    expect(bench.ledger.lastBackup).toBeUndefined();
  });

  test("invariant 8: 412 for a key that is free ends as that photo's failure", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg");
    bench.s3.faults.add({ kind: "status", status: 412, code: "PreconditionFailed", times: Infinity, match: put });
    expect(await bench.run()).toMatchObject({ failed: 1, uploaded: 0 });
    expect(bench.ledger.failure(path)).toMatchObject({ code: "unknown", attempts: 3 });
    expect(bench.s3.log.counts().PutObject).toBeLessThan(20);
  });
});

describe("a store without conditional writes", () => {
  test("invariant 3: that refuses them (B2) is asked before each upload instead", async () => {
    const bench = await engineBench({ behavior: { conditionalWrites: "refused" } });
    bench.photo("a.jpg", "mine");
    bench.photo("b.jpg", "also mine");
    bench.s3.putObjectDirectly(bucket, "photos/Pictures/b.jpg", "not mine!");
    expect(await bench.run()).toMatchObject({ uploaded: 2, conflicts: 1 });
    expect(await bench.stored("b.jpg")).toBe(sha256Of("not mine!"));
    const puts = bench.s3.requests.filter(({ operation }) => operation === "PutObject");
    expect(puts.map(({ status }) => status)).toEqual([501, 200, 200]);
  });

  test("invariant 3: that refuses them is asked right before the upload, after the wait for another body", async () => {
    const bench = await engineBench({ behavior: { conditionalWrites: "refused" } });
    bench.photo("a.jpg", "mine");
    bench.photo("b.jpg", "mine too");
    // The first is refused for its condition; the second is the same body without it.
    const slow = bench.s3.faults.add({ kind: "slow", bytesPerSecond: 50, match: { ...put, nth: 2 } });
    const run = bench.run();
    await slow.whenFired;
    const onWire = bench.s3.requests.findLast(({ operation }) => operation === "PutObject")?.key;
    const waiting = onWire?.endsWith("a.jpg") ? "b.jpg" : "a.jpg";
    await bench.s3.log.waitFor(({ operation, key, elapsedMs }) => {
      return operation === "HeadObject" && elapsedMs !== undefined && key?.endsWith(waiting) === true;
    });
    bench.s3.putObjectDirectly(bucket, `photos/Pictures/${waiting}`, "hers");
    expect(await run).toMatchObject({ uploaded: 2, conflicts: 1 });
    expect(await bench.stored(waiting)).toBe(sha256Of("hers"));
  });

  test("invariant 3: that ignores them (Garage) is asked before the upload, and an edit overwrites nothing", async () => {
    const bench = await engineBench({ behavior: { conditionalWrites: "ignored" } });
    const path = bench.photo("a.jpg", "first");
    await bench.run();
    bench.photo("a.jpg", "second");
    touch(path, new Date(1_700_000_000_000));
    expect(await bench.run()).toMatchObject({ uploaded: 1 });
    expect(await bench.stored("a.jpg")).toBe(sha256Of("first"));
  });
});

describe("a store's confirmation", () => {
  test("invariant 1: a weak store without checksums is believed by the MD5 it computed", async () => {
    const bench = await engineBench({ behavior: { checksums: "ignored" } });
    bench.photo("a.jpg");
    bench.photo("b.mov", Buffer.alloc(17 * 1024 * 1024, "many bytes "));
    expect(await bench.run()).toMatchObject({ uploaded: 2, failed: 0 });
  });

  test("invariant 1: a weak store whose MD5 is another's is asked again, and its object's own MD5 decides", async () => {
    const bench = await engineBench({ behavior: { checksums: "ignored" } });
    bench.photo("a.jpg");
    bench.s3.faults.add({ kind: "wrong-etag", match: put });
    expect(await bench.run()).toMatchObject({ uploaded: 1, failed: 0 });
    bench.s3.faults.assertAllFired();
    expect(bench.s3.log.counts().HeadObject).toBe(2);
  });

  test("invariant 1: a wrong checksum answer never becomes an entry, not even when the damaged object is found", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", "whole");
    const damaging = damagingStore(bench.store, (key) =>
      bench.s3.putObjectDirectly(bucket, key, "torn!", { metadata: { sha256: sha256Of("whole") } }),
    );
    const summary = await bench.run({ openStore: async () => damaging.store });
    expect(damaging.damaged).toBe(1);
    expect(summary).toMatchObject({ uploaded: 1, failed: 0 });
    const key = bench.ledger.get(path)?.s3Key ?? "";
    expect(sha256Of(await bench.s3.readObject(bucket, key))).toBe(sha256Of("whole"));
  });

  test("invariant 1: nor when nothing but our own claim tells of the damaged object", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", "whole");
    const opaque = { otherHeaders: { "x-amz-server-side-encryption": "aws:kms" } };
    const damaging = damagingStore(bench.store, (key) =>
      bench.s3.putObjectDirectly(bucket, key, "torn!", { metadata: { sha256: sha256Of("whole") }, ...opaque }),
    );
    await bench.run({ openStore: async () => damaging.store });
    const key = bench.ledger.get(path)?.s3Key ?? "";
    expect(sha256Of(await bench.s3.readObject(bucket, key))).toBe(sha256Of("whole"));
  });
});

test("invariant 1: an upload that the store does not confirm is proved by its object's own checksum, or not at all", async () => {
  const bench = await engineBench();
  const path = bench.photo("a.jpg", "whole");
  const damage = (key: string) =>
    bench.s3.putObjectDirectly(bucket, key, "torn!", { metadata: { sha256: sha256Of("whole") }, withChecksum: true });
  const damaging = damagingStore(bench.store, damage, "nothing");
  expect(await bench.run({ openStore: async () => damaging.store })).toMatchObject({ uploaded: 1, failed: 0 });
  expect(damaging.damaged).toBe(1);
  const key = bench.ledger.get(path)?.s3Key ?? "";
  expect(sha256Of(await bench.s3.readObject(bucket, key))).toBe(sha256Of("whole"));
});

/** The real store, whose first upload arrives damaged and is answered with the damaged bytes' checksum. */
function damagingStore(store: ObjectStore, damage: (key: string) => void, says: "mismatch" | "nothing" = "mismatch") {
  const state = { damaged: 0 };
  const damagingPut: ObjectStore["put"] = async (upload, signal): Promise<PutOutcome> => {
    if (state.damaged > 0) return store.put(upload, signal);
    state.damaged += 1;
    damage(upload.key);
    if (says === "nothing") return { kind: "unconfirmed" };
    throw new BackupError("checksum-mismatch");
  };
  return {
    get damaged() {
      return state.damaged;
    },
    store: new Proxy<ObjectStore>(store, {
      get(target, name) {
        if (name === "put") return damagingPut;
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    }),
  };
}
