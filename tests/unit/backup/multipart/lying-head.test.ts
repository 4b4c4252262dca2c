import { expect, test } from "vitest";
import { bucket, engineBench, sha256Of } from "../../../support/engine/engine-bench.ts";

test.each(["ignored", "refused"] as const)(
  "invariant 3: where conditions are %s, a bare 404 does not have a file sent in parts replace what has its key",
  async (conditionalWrites) => {
    const bench = await engineBench({ behavior: { conditionalWrites, minPartBytes: 1 } });
    bench.store.conditionalWrites = conditionalWrites;
    bench.photo("z.mov", Buffer.alloc(250, "film "));
    bench.s3.putObjectDirectly(bucket, "photos/Pictures/z.mov", "hers");
    const fault = {
      kind: "status",
      status: 404,
      isBare: true,
      times: 1_000,
      match: { operation: "HeadObject" },
    } as const;
    bench.s3.faults.add(fault);
    await bench.run({ largeFiles: { cutoffBytes: 100, partBytes: 100, partsMost: 10_000 } });
    expect(await bench.stored("z.mov")).toBe(sha256Of("hers"));
  },
);
