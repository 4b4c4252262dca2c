import { expect, it } from "vitest";
import { coalesce } from "../../../helper/daemon/coalesce.ts";

it("works for one at a time, and once more for all that came meanwhile", async () => {
  let turns = 0;
  let atOnce = 0;
  let finish = Promise.withResolvers<void>();
  const ask = coalesce(async () => {
    turns += 1;
    atOnce += 1;
    expect(atOnce).toBe(1);
    await finish.promise;
    atOnce -= 1;
  });
  for (let cause = 0; cause < 5_000; cause += 1) ask();
  expect(turns).toBe(1);
  const first = finish;
  finish = Promise.withResolvers<void>();
  first.resolve();
  await first.promise;
  await Promise.resolve();
  expect(turns).toBe(2);
  finish.resolve();
  await finish.promise;
  await Promise.resolve();
  ask();
  expect(turns, "nothing is left over, and nothing is forgotten").toBe(3);
});
