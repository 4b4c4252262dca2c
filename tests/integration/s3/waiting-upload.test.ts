import { expect, test } from "vitest";
import { openLoopbackStore } from "../../support/engine/open-loopback-store.ts";
import { uploadOf } from "../../support/engine/upload-of.ts";

const hello = Buffer.from("hello");
const large = Buffer.alloc(24 * 1024 * 1024, "abc");

test("an upload is not given up as stuck while it moves, nor while it waits for the only connection", async () => {
  const { s3, store } = await openLoopbackStore({
    limits: { connectMs: 60_000, idleMs: 10_000, responseMs: 10_000, totalMs: 3_000, slowestBytesPerSecond: 1e6 },
  });
  s3.faults.add({ kind: "slow", bytesPerSecond: large.length / 4, match: { operation: "PutObject" } });
  // The first takes four seconds, the second waits all that time and may itself take but three.
  const outcomes = await Promise.all([store.put(uploadOf(large)), store.put(uploadOf(hello, { key: "p/b.jpg" }))]);
  expect(outcomes).toMatchObject([{ kind: "stored" }, { kind: "stored" }]);
  expect(s3.maxConcurrentBodies).toBe(1);
});
