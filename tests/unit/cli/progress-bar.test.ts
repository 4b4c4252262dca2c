import { PassThrough } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import type { RunProgress } from "../../../helper/backup/run-progress.ts";
import { ProgressBar } from "../../../helper/cli/progress-bar.ts";

const uploading = {
  phase: "uploading",
  startedAt: 0,
  scannedAt: 0,
  scanned: 48_212,
  alreadyBackedUp: 12_003,
  uploaded: 10,
  waiting: 36_199,
  waitingBytes: 181_000_000_000,
  bytesUploaded: 50_000_000,
  current: { path: `/p/${"a very long name ".repeat(8)}.jpg`, sizeBytes: 5_000_000, sentBytes: 10, startedAt: 0 },
} as unknown as RunProgress;

/** The lines as a terminal of that width gets them, without what moves its cursor. */
function drawn(columns: number, progress = uploading): string[] {
  const stream = Object.assign(new PassThrough(), { columns });
  const bar = new ProgressBar(stream, { isShown: true });
  bar.update(progress);
  bar.stop();
  const text = String(stream.read());
  const moves = new RegExp(`\\r|\\n|${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`);
  return text.split(moves).filter((line) => line.includes("photo"));
}

test.each([80, 100, 120, 200])("a line of the progress bar fits a terminal of %i columns", (columns) => {
  const lines = drawn(columns);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(columns);
});

const scanning = { ...uploading, phase: "scanning", scanned: 0 };

test("while the folders are looked through their photos are counted, before there is a bar", async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const stream = Object.assign(new PassThrough(), { columns: 100 });
  const bar = new ProgressBar(stream, { isShown: true });
  onTestFinished(() => bar.stop());
  const progress = { ...scanning } as RunProgress;
  bar.update(progress);
  // The scan counts on and tells nobody.
  progress.scanned = 12_034;
  await vi.advanceTimersByTimeAsync(500);
  expect(String(stream.read())).toContain("Looking through the folders: 12,034 photos…");
  Object.assign(progress, { phase: "uploading", step: "asking" });
  bar.update(progress);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(String(stream.read())).toContain("Finding out what the bucket has… (2 s)");
  delete progress.step;
  bar.update(progress);
  expect(String(stream.read())).toContain("of 12,034 photos |");
});

test.each([
  ["settling", "waiting until new files are still"],
  ["retrying", "waiting before another try"],
  [undefined, "preparing the next photo"],
] as const)("says why no photo is on its way: %s", (step, words) => {
  const { current, ...rest } = uploading;
  expect(current).toBeDefined();
  expect(drawn(120, { ...rest, ...(step ? { step } : {}) })[0]).toContain(words);
});

test("one photo is no photos", () => {
  expect(drawn(120, { ...uploading, scanned: 1 })[0]).toContain("of 1 photo |");
});

test("a message stands on lines of its own, and what is drawn goes on behind it", () => {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 100 });
  const bar = new ProgressBar(stream, { isShown: true });
  onTestFinished(() => bar.stop());
  bar.update(uploading);
  bar.aside("A piece is damaged.\n");
  const [before, after] = String(stream.read()).split("A piece is damaged.\n");
  expect(before?.endsWith("[2K")).toBe(true);
  expect(after).toContain("of 48,212 photos");
});

test("after Ctrl+C it says that it stops", () => {
  const stopping = new AbortController();
  const stream = Object.assign(new PassThrough(), { columns: 120 });
  const bar = new ProgressBar(stream, { isShown: true, stopping: stopping.signal });
  stopping.abort();
  bar.update(uploading);
  bar.stop();
  expect(String(stream.read())).toContain("stopping after this photo");
});

test("a narrow terminal loses the name first, and keeps the counts", () => {
  const [line] = drawn(70);
  expect(line).toContain("12,013 of 48,212 photos");
  expect(line).not.toContain("a very long name");
});
