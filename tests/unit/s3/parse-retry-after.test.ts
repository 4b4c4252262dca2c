import { expect, test } from "vitest";
import { parseRetryAfter } from "../../../helper/s3/parse-retry-after.ts";

const now = Date.parse("2026-11-22T12:00:00Z");

test.each([
  ["120", 120_000],
  [" 7 ", 7_000],
  ["0", 0],
  ["900", 900_000],
  ["901", 900_000],
  ["9".repeat(400), 900_000],
  ["Sun, 22 Nov 2026 12:00:30 GMT", 30_000],
  ["Sun, 22 Nov 2026 11:59:00 GMT", 0],
  ["Mon, 23 Nov 2026 12:00:00 GMT", 900_000],
  ["soon", undefined],
  ["", undefined],
  [undefined, undefined],
])("Retry-After: %s waits %s ms", (value, expected) => {
  expect(parseRetryAfter(value, now)).toBe(expected);
});
