import { PassThrough } from "node:stream";
import { expect, onTestFinished, test, vi } from "vitest";
import { WaitLine } from "../../../helper/cli/wait-line.ts";

const escape = String.fromCharCode(27);

function waitBench(options: { isShown?: boolean } = {}) {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 60 });
  const line = new WaitLine(stream, { isShown: true, ...options });
  onTestFinished(() => line.stop());
  const drawn = () => String((stream.read() as Buffer | null) ?? "");
  return { line, drawn };
}

test("says what goes on and what is counted so far, and from two seconds on for how long", async () => {
  const { line, drawn } = waitBench();
  let photos = 1;
  line.show(() => `Looking: ${photos}`);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(drawn()).toContain("Looking: 1…");
  photos = 2;
  await vi.advanceTimersByTimeAsync(600);
  expect(drawn()).toContain("Looking: 2…");
  await vi.advanceTimersByTimeAsync(1_600);
  expect(drawn()).toContain("Looking: 2… (3 s)");
});

test("what is over at once is not announced", async () => {
  const { line, drawn } = waitBench();
  line.show(() => "Looking");
  await vi.advanceTimersByTimeAsync(100);
  line.stop();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(drawn()).toBe("");
});

test("leaves an empty line and a cursor behind", async () => {
  const { line, drawn } = waitBench();
  line.show(() => "Looking");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(drawn()).toContain(`${escape}[?25l`);
  line.stop();
  const last = drawn();
  expect(last).toContain(`${escape}[?25h`);
  expect(last.endsWith(`${escape}[1G${escape}[2K`), JSON.stringify(last)).toBe(true);
  expect(last).not.toContain("…");
});

test("the terminal gets its cursor back where the process ends amid it", async () => {
  const { line, drawn } = waitBench();
  const before = process.listenerCount("exit");
  line.show(() => "Looking");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(process.listenerCount("exit")).toBe(before + 1);
  drawn();
  const atExit = process.listeners("exit").at(-1) as () => void;
  atExit();
  expect(drawn()).toContain(`${escape}[?25h`);
  expect(process.listenerCount("exit")).toBe(before);
});

test("other words in between do not begin the time anew", async () => {
  const { line, drawn } = waitBench();
  line.show(() => "Looking");
  await vi.advanceTimersByTimeAsync(2_500);
  line.show(() => "Asking");
  await vi.advanceTimersByTimeAsync(600);
  expect(drawn()).toContain("Asking… (3 s)");
});

test("draws nothing where it is not to be shown", async () => {
  const { line, drawn } = waitBench({ isShown: false });
  line.show(() => "Looking");
  await vi.advanceTimersByTimeAsync(5_000);
  expect(drawn()).toBe("");
});
