import { describe, expect, test } from "vitest";
import { bucket, engineBench, sha256Of, type EngineBench } from "../../support/engine/engine-bench.ts";
import type { FaultMatch } from "../../support/loopback-s3/fault-kinds.ts";

const wanted = "photos/Pictures/a.jpg";
const second = `photos/Pictures/a.${sha256Of("mine").slice(0, 8)}.jpg`;

/** A bucket of which its probe has told what becomes of conditions. */
async function benchAt(conditionalWrites: "honored" | "refused" | "ignored"): Promise<EngineBench> {
  const bench = await engineBench({ behavior: { conditionalWrites } });
  bench.store.conditionalWrites = conditionalWrites;
  return bench;
}

/** "No such key", without a body to say so, as a proxy in trouble puts it. */
function bare404(match: FaultMatch, times?: number) {
  return { kind: "status", status: 404, isBare: true, match, ...(times ? { times } : {}) } as const;
}

const asked = ({ s3 }: EngineBench, operation: string) =>
  s3.requests.filter((one) => one.operation === operation).length;

describe.each(["ignored", "refused"] as const)("where conditions are %s", (conditionalWrites) => {
  test.each([1, 3, 1_000])(
    "invariant 3: a HEAD that says %i times of a taken key that it is free leads to no overwriting",
    async (times) => {
      const bench = await benchAt(conditionalWrites);
      bench.photo("a.jpg", "mine");
      bench.s3.putObjectDirectly(bucket, wanted, "hers");
      bench.s3.faults.add(bare404({ operation: "HeadObject" }, times));
      expect(await bench.run()).toMatchObject({ uploaded: 1, conflicts: 1, failed: 0 });
      expect(bench.s3.objects(bucket).map(({ key, sha256 }) => [key, sha256])).toEqual([
        [second, sha256Of("mine")],
        [wanted, sha256Of("hers")],
      ]);
    },
  );

  test("invariant 3: the photo's own object, denied by HEAD, is found and not sent again", async () => {
    const bench = await benchAt(conditionalWrites);
    const path = bench.photo("a.jpg", "mine");
    bench.s3.putObjectDirectly(bucket, wanted, "mine", { metadata: { sha256: sha256Of("mine") } });
    bench.s3.faults.add(bare404({ operation: "HeadObject" }, 1_000));
    expect(await bench.run()).toMatchObject({ uploaded: 0, alreadyBackedUp: 1 });
    expect(bench.ledger.get(path)?.s3Key).toBe(wanted);
    expect(asked(bench, "PutObject")).toBe(0);
  });

  test("invariant 3: what an upload without an answer left is not replaced by the photo as it was edited since", async () => {
    const bench = await benchAt(conditionalWrites);
    bench.photo("a.jpg", "first");
    bench.s3.faults.add({ kind: "cut-after-store", match: { operation: "PutObject" } });
    bench.clock.onSleep = () => {
      bench.clock.onSleep = () => undefined;
      bench.s3.faults.add(bare404({ operation: "HeadObject" }, 1_000));
    };
    await bench.run();
    bench.photo("a.jpg", "second, edited");
    await bench.run({ retryAll: true });
    expect(await bench.stored("a.jpg")).toBe(sha256Of("first"));
  });

  test("invariant 3: nothing is sent while neither HEAD nor GET says in words that the key is free", async () => {
    const bench = await benchAt(conditionalWrites);
    const path = bench.photo("a.jpg", "mine");
    bench.s3.putObjectDirectly(bucket, wanted, "hers");
    for (const operation of ["HeadObject", "GetObject"] as const) {
      bench.s3.faults.add(bare404({ operation }, 1_000));
    }
    expect(await bench.run()).toMatchObject({ uploaded: 0, failed: 1 });
    expect(bench.ledger.failure(path)?.code).toBe("unknown");
    expect(asked(bench, "PutObject")).toBe(0);
  });

  test("invariant 3: a GET that says that another thing is not there leads to no overwriting", async () => {
    const bench = await benchAt(conditionalWrites);
    bench.photo("a.jpg", "mine");
    bench.s3.putObjectDirectly(bucket, wanted, "hers");
    bench.s3.faults.add(bare404({ operation: "HeadObject" }, 1_000));
    const noBucket = { kind: "status", status: 404, code: "NoSuchBucket", times: 1_000 } as const;
    bench.s3.faults.add({ ...noBucket, match: { operation: "GetObject" } });
    await expect(bench.run()).rejects.toMatchObject({ code: "bucket-missing" });
    expect(asked(bench, "PutObject")).toBe(0);
  });

  test("a new photo costs one question more", async () => {
    const bench = await benchAt(conditionalWrites);
    bench.photo("a.jpg", "mine");
    expect(await bench.run()).toMatchObject({ uploaded: 1 });
    expect(asked(bench, "GetObject")).toBe(1);
  });
});

test("where conditions are kept to a new photo costs no question more, and a HEAD that lies does no harm", async () => {
  const bench = await benchAt("honored");
  bench.photo("a.jpg", "mine");
  bench.s3.putObjectDirectly(bucket, wanted, "hers");
  bench.s3.faults.add(bare404({ operation: "HeadObject" }, 1));
  expect(await bench.run()).toMatchObject({ uploaded: 1, conflicts: 1 });
  expect(await bench.stored("a.jpg")).toBe(sha256Of("hers"));
  expect(asked(bench, "GetObject")).toBe(0);
  // One refused, and one under the next key: the bucket is asked again in between.
  expect(asked(bench, "PutObject")).toBe(2);
});
