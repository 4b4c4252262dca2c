import { describe, expect, test } from "vitest";
import { bucket, engineBench, sha256Of, touch } from "../../support/engine/engine-bench.ts";

const keyOf = (name: string) => `photos/Pictures/${name}`;
const suffixed = (name: string, content: string) => name.replace(".jpg", `.${sha256Of(content).slice(0, 8)}.jpg`);

describe("a conflict", () => {
  test("invariant 3: is on record with both keys, and stays so when the photo is touched or edited", async () => {
    const bench = await engineBench();
    const path = bench.photo("a.jpg", "mine");
    bench.s3.putObjectDirectly(bucket, keyOf("a.jpg"), "hers");
    expect(await bench.run()).toMatchObject({ uploaded: 1, conflicts: 1 });
    const both = { s3Key: keyOf(suffixed("a.jpg", "mine")), conflictsWith: [keyOf("a.jpg")] };
    expect(bench.ledger.get(path)).toMatchObject(both);
    touch(path, new Date(1_700_000_000_000));
    expect(await bench.run()).toMatchObject({ uploaded: 0 });
    expect(bench.ledger.get(path)).toMatchObject(both);
    bench.photo("a.jpg", "mine, edited");
    expect(await bench.run()).toMatchObject({ uploaded: 1 });
    expect(bench.ledger.get(path)).toMatchObject({ conflictsWith: [keyOf("a.jpg")] });
  });

  test.each([
    ["small", "first version", "second version"],
    ["streamed", "first ".repeat(3_000_000), "other ".repeat(3_000_000)],
  ])("is none with what the photo itself left there when it changed under way: %s", async (_, first, second) => {
    const bench = await engineBench();
    const path = bench.photo("a.mov", first);
    let looks = 0;
    bench.hooks.lstat = (seen) => {
      if (seen === path && ++looks === 2) bench.photo("a.mov", second);
    };
    expect(await bench.run()).toMatchObject({ uploaded: 0, deferred: 1 });
    expect(bench.ledger.get(path)).toBeUndefined();
    delete bench.hooks.lstat;
    expect(await bench.run({ retryAll: true })).toMatchObject({ uploaded: 1, conflicts: 0 });
    const entry = bench.ledger.get(path);
    expect(entry?.conflictsWith).toBeUndefined();
    expect(entry?.previous).toMatchObject([{ s3Key: keyOf("a.mov"), sha256: sha256Of(first), size: first.length }]);
    expect(await bench.stored("a.mov")).toBe(sha256Of(first));
  });
});
