import { describe, expect, onTestFinished, test } from "vitest";
import { SimulatedLife } from "./simulated-life.ts";

const days = Number(process.env.ENDURANCE_DAYS ?? 14);
const seeds = Number(process.env.ENDURANCE_SEEDS ?? 2);
const firstSeed = Number(process.env.SEED ?? Date.now() % 1_000_000);

/** Enough for a slow machine. */
const lifeMs = 600_000;

describe(`${days} simulated days: nothing lost, nothing overwritten, nothing claimed that is not so`, () => {
  test.each(Array.from({ length: seeds }, (_, index) => firstSeed + index))(
    "invariants 1 to 8 in the life of SEED=%i",
    async (seed) => {
      const life = await SimulatedLife.begin(seed);
      onTestFinished(() => life.mac.close());
      await life.live(days);
      expect(await life.settle(), `not in the bucket at the end, SEED=${seed}`).toEqual([]);
      const { photos, objects, sentTwice, runs, runsStopped, kills } = life.record;
      expect(
        Math.min(photos, objects, runs, runsStopped),
        `a life in which things happen, SEED=${seed}`,
      ).toBeGreaterThan(0);
      process.stdout.write(
        `SEED=${seed}: ${photos} photos, ${objects} objects, ${sentTwice} contents twice, ${runs} runs, ${runsStopped} stopped, ${kills} killed; ` +
          `${JSON.stringify(life.record.actions)}\n`,
      );
    },
    lifeMs,
  );
});
