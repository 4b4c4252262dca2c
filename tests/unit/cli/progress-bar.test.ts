import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
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
function drawn(columns: number): string[] {
  const stream = Object.assign(new PassThrough(), { columns });
  const bar = new ProgressBar(stream, { isShown: true });
  bar.update(uploading);
  bar.stop();
  const text = String(stream.read());
  const moves = new RegExp(`\\r|\\n|${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z]`);
  return text.split(moves).filter((line) => line.includes("photos"));
}

test.each([80, 100, 120, 200])("a line of the progress bar fits a terminal of %i columns", (columns) => {
  const lines = drawn(columns);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect([...line].length, line).toBeLessThanOrEqual(columns);
});

test("a narrow terminal loses the name first, and keeps the counts", () => {
  const [line] = drawn(70);
  expect(line).toContain("12,013 of 48,212 photos".replaceAll(",", ""));
  expect(line).not.toContain("a very long name");
});
