import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { KeyTurns } from "../../../helper/backup/key-turns.ts";

test("invariant 3: one that comes when the first is through still waits for the second", async () => {
  const turns = new KeyTurns();
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const begun: number[] = [];
  const work = (number: number, until?: Promise<void>) =>
    turns.run("a.jpg", async () => {
      begun.push(number);
      await until;
    });
  const runs = [work(1, first.promise), work(2, second.promise)];
  first.resolve();
  await runs[0];
  await turn();
  runs.push(work(3));
  await turn();
  expect(begun).toEqual([1, 2]);
  second.resolve();
  await Promise.all(runs);
  expect(begun).toEqual([1, 2, 3]);
});
