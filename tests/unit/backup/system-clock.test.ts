import { afterEach, expect, test, vi } from "vitest";
import { systemClock } from "../../../helper/backup/clock.ts";

afterEach(() => vi.restoreAllMocks());

test("a sleep ends by the steady clock when the wall clock is set back meanwhile", async () => {
  const real = Date.now;
  const anHourBack = () => real() - 3_600_000;
  const sleeping = systemClock.sleep(20);
  vi.spyOn(Date, "now").mockImplementation(anHourBack);
  await expect(sleeping).resolves.toBeUndefined();
});
