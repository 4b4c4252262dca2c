import { expect, test } from "vitest";
import { mtimeMetadata } from "../../../helper/backup/mtime-metadata.ts";

test.each([
  [1_354_040_105_123.25, "1354040105.12325"],
  [1_354_040_105_120, "1354040105.12"],
  [1_354_040_105_000, "1354040105"],
  [1_354_040_100_000, "1354040100"],
  [0, "0"],
  [-0.000_1, "0"],
  [0.001, "0.000001"],
  [1_000.999_928, "1.001"],
  [-500, "-0.5"],
  [-1_500, "-1.5"],
  [253_402_300_799_999, "253402300799.999"],
])("%d ms is %s seconds, never with an exponent", (mtimeMs, text) => {
  expect(mtimeMetadata(mtimeMs)).toBe(text);
});
