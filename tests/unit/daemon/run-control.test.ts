import { expect, it } from "vitest";
import { RunControl } from "../../../helper/daemon/run-control.ts";
import { rescanAfterMs } from "../../../helper/daemon/schedule.ts";

function control() {
  const interrupted = new AbortController();
  return { interrupted, run: new RunControl(interrupted.signal) };
}

it("a wish stops the run after the photo on the wire, which is not given up", () => {
  const { run } = control();
  const { stopping, aborting } = run.begin();
  run.stop();
  expect([stopping.aborted, aborting.aborted, run.wasStopped]).toEqual([true, false, true]);
});

it("a hint starts a long run over, and leaves a young one alone", () => {
  const { run } = control();
  const { stopping } = run.begin();
  const scan = { startedAt: 0, scannedAt: 1_000 };
  run.hinted(1_000 + rescanAfterMs, scan);
  expect(stopping.aborted).toBe(false);
  run.hinted(1_001 + rescanAfterMs, scan);
  expect(stopping.aborted).toBe(true);
});

it("invariant 8: steady hints stop no run that is still scanning, and repeat no slow scan at once", () => {
  const { run } = control();
  const { stopping } = run.begin();
  run.hinted(600_000, { startedAt: 0 });
  run.hinted(40_000 + 20 * 40_000, { startedAt: 0, scannedAt: 40_000 });
  expect(stopping.aborted).toBe(false);
  run.hinted(40_001 + 20 * 40_000, { startedAt: 0, scannedAt: 40_000 });
  expect(stopping.aborted).toBe(true);
});

it("a hint between runs stops nothing", () => {
  const { run } = control();
  run.hinted(rescanAfterMs + 1, { startedAt: 0, scannedAt: 0 });
  expect(run.wasStopped).toBe(false);
});

it("the process's end stops the run, and the next one is not begun", () => {
  const { run, interrupted } = control();
  const first = run.begin();
  interrupted.abort(new Error("ended"));
  expect(first.stopping.aborted).toBe(true);
  run.end();
  expect(run.isRunning).toBe(false);
  expect(run.begin().stopping.aborted).toBe(true);
});
