import { describe, expect, test } from "vitest";
import { catalogueBench } from "../../support/engine/catalogue-bench.ts";
import { sessionBench } from "../../support/engine/session-bench.ts";

const oneObject = { operation: "GetObject", keyPattern: "/.photolala/" } as const;
const patienceMs = 24 * 3_600_000;

describe("a piece that the store cannot give, while it answers all else,", () => {
  test.each([
    { kind: "status", status: 500, code: "InternalError" } as const,
    { kind: "status", status: 503, code: "SlowDownRead", retryAfter: 60 } as const,
    { kind: "truncate-read" } as const,
    { kind: "html-answer" } as const,
  ])("keeps no photo from being backed up: %j", async (fault) => {
    const bench = await sessionBench();
    bench.photo("first.jpg");
    await bench.backUp();
    const [piece = ""] = bench.pieces();
    const unreadable = bench.s3.faults.add({ ...fault, match: oneObject, times: Infinity });
    for (let number = 0; number < 20; number += 1) bench.photo(`${number}.jpg`);
    const session = await bench.open({ patienceMs });
    expect(await session.run(bench.runOf())).toMatchObject({ uploaded: 20, failed: 0 });
    await session.close();
    expect(bench.damaged).toEqual([piece]);
    expect(unreadable.fired).toBeLessThan(10);
  });

  test("is no damaged one as long as nothing is answered at all", async () => {
    const bench = await sessionBench();
    bench.photo("first.jpg");
    await bench.backUp();
    for (let number = 0; number < 20; number += 1) bench.photo(`${number}.jpg`);
    // The outage begins with the piece, and lasts for a dozen requests of any kind.
    const down = { kind: "status", status: 503, code: "SlowDown" } as const;
    bench.s3.faults.add({ ...down, match: oneObject, times: 6 });
    bench.s3.faults.add({ ...down, match: { operation: "ListObjectsV2", nth: 3 }, times: 4 });
    const session = await bench.open({ patienceMs });
    expect(await session.run(bench.runOf())).toMatchObject({ uploaded: 20, failed: 0 });
    await session.close();
    expect(bench.damaged).toEqual([]);
  });

  test("is sent again by who is to compare its own", async () => {
    const bench = await catalogueBench({ patienceMs });
    const first = await bench.open();
    first.record(0, 5);
    await first.catalogue.finish();
    first.record(5, 7);
    await first.ledger.close();
    const [piece] = bench.pieces();
    bench.s3.faults.add({ kind: "status", status: 500, match: oneObject, times: Infinity });
    const { catalogue } = await bench.open();
    expect(await catalogue.finish()).toBeUndefined();
    expect(bench.damaged).toEqual([piece]);
    expect((await bench.read(bench.pieces().slice(1))).size).toBe(7);
  });
});
