import { expect, it } from "vitest";
import { WakeUp } from "../../../helper/daemon/wake-up.ts";

const anHourMs = 3_600_000;

it("wakes the one who waits", async () => {
  const wakeUp = new WakeUp();
  const waiting = wakeUp.wait(anHourMs);
  wakeUp.wake();
  await expect(waiting).resolves.toBeUndefined();
});

it("loses no wake-up that came before the wait, and keeps none for the next", async () => {
  const wakeUp = new WakeUp();
  wakeUp.wake();
  wakeUp.wake();
  await expect(wakeUp.wait(anHourMs)).resolves.toBeUndefined();
  let isOver = false;
  const second = wakeUp.wait(anHourMs).then(() => (isOver = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOver).toBe(false);
  wakeUp.wake();
  await second;
});

it("gives up after its time", async () => {
  await expect(new WakeUp().wait(1)).resolves.toBeUndefined();
});
