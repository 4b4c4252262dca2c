import { expect, test } from "vitest";
import type { PreparedPut } from "../../../helper/backup/object-store.ts";
import { engineBench } from "../../support/engine/engine-bench.ts";

/** A bench of two photos whose uploads are made ready, and are sent as the test has it. */
async function twoPhotos(send: (put: PreparedPut, nth: number) => ReturnType<PreparedPut["send"]>) {
  const bench = await engineBench();
  bench.store.conditionalWrites = "honored";
  for (const name of ["a.jpg", "b.jpg"]) bench.photo(name);
  const prepare = bench.store.prepare.bind(bench.store);
  let sent = 0;
  bench.store.prepare = (upload, signal) => {
    const put = prepare(upload, signal) as PreparedPut;
    return { discard: () => put.discard(), send: () => send(put, (sent += 1)) };
  };
  return bench;
}

test("the next body goes out when the one before is proven, though nobody has read its answer yet", async () => {
  const second = Promise.withResolvers<void>();
  const bench = await twoPhotos(async (put, nth) => {
    if (nth === 2) second.resolve();
    const outcome = await put.send();
    await second.promise;
    return outcome;
  });
  expect(await bench.run()).toMatchObject({ uploaded: 2, failed: 0 });
});

test("invariant 5: the next body waits for one whose answer leaves a doubt", async () => {
  const order: string[] = [];
  const bench = await twoPhotos(async (put, nth) => {
    order.push(`begin ${nth}`);
    return put.send().finally(() => order.push(`end ${nth}`));
  });
  bench.s3.faults.add({ kind: "wrong-checksum", times: 2, match: { operation: "PutObject" } });
  await bench.run();
  bench.s3.faults.assertAllFired();
  expect(order.slice(0, 4)).toEqual(["begin 1", "end 1", "begin 2", "end 2"]);
});
