import { describe, expect, it } from "vitest";
import { fullScanEveryMs, Schedule } from "../../../helper/daemon/schedule.ts";

const now = 1_000_000;

describe("Schedule", () => {
  it("invariant 7: is due at start, and again an hour after a run, whatever the watcher said", () => {
    const schedule = new Schedule();
    expect(schedule.nextRunAt).toBe(0);
    schedule.begun();
    schedule.ran({ now, scanMs: 100, nextTries: [] });
    expect(schedule.nextRunAt).toBe(now + fullScanEveryMs);
  });

  it("comes sooner after a hint, once its companions had time to arrive", () => {
    const schedule = new Schedule();
    schedule.begun();
    schedule.ran({ now, scanMs: 10, nextTries: [] });
    schedule.hint(now + 60_000);
    expect(schedule.nextRunAt).toBe(now + 63_000);
  });

  it("never scans more than a twentieth of the time, however many hints there are", () => {
    const schedule = new Schedule();
    schedule.begun();
    schedule.ran({ now, scanMs: 30_000, nextTries: [] });
    for (let i = 0; i < 100; i += 1) schedule.hint(now + i);
    expect(schedule.nextRunAt).toBe(now + 600_000);
  });

  it("keeps a hint that came during a run: its photo may have come after the scan", () => {
    const schedule = new Schedule();
    schedule.begun();
    schedule.hint(now - 500);
    schedule.ran({ now, scanMs: 10, nextTries: [] });
    expect(schedule.nextRunAt).toBe(now + 3_000);
  });

  it("wakes for the first failed photo whose time comes", () => {
    const schedule = new Schedule();
    schedule.begun();
    const at = (milliseconds: number) => new Date(milliseconds).toISOString();
    schedule.ran({ now, scanMs: 10, nextTries: [undefined, at(now + 90_000), at(now + 60_000)] });
    expect(schedule.nextRunAt).toBe(now + 60_000);
  });

  it("invariant 8: a failed photo this run did not meet starts no run after another", () => {
    const schedule = new Schedule();
    schedule.begun();
    schedule.ran({ now, scanMs: 10, nextTries: [new Date(now - 60_000).toISOString()] });
    expect(schedule.nextRunAt).toBe(now + fullScanEveryMs);
  });

  it("runs at once when the clock was set back, and hears hints again", () => {
    const schedule = new Schedule();
    schedule.begun();
    schedule.ran({ now, scanMs: 30_000, nextTries: [] });
    schedule.clockWasSetBack();
    expect(schedule.nextRunAt).toBe(0);
    schedule.begun();
    schedule.ran({ now: 5_000, scanMs: 10, nextTries: [] });
    schedule.hint(6_000);
    expect(schedule.nextRunAt).toBe(9_000);
  });

  it("held for good, only a wish of the person's runs it; held for a while, its time does", () => {
    const schedule = new Schedule();
    schedule.held(undefined);
    schedule.hint(now);
    expect(schedule.nextRunAt).toBe(Number.POSITIVE_INFINITY);
    schedule.runNow();
    expect(schedule.nextRunAt).toBe(0);
    schedule.held(now + 5);
    schedule.hint(now);
    expect(schedule.nextRunAt).toBe(now + 5);
  });
});
