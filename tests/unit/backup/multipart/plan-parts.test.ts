import { describe, expect, test } from "vitest";
import {
  largeFileLimits,
  objectBytesMost,
  partBytesFor,
  planParts,
} from "../../../../helper/backup/multipart/plan-parts.ts";

const mib = 1024 * 1024;

describe("the plan of a file's parts", () => {
  test.each([1, 64 * mib + 1, 160_000 * mib, 160_000 * mib + 1, 1024 ** 4 + 12_345, objectBytesMost])(
    "of %i bytes has at most 10,000 parts of 5 MiB or more, and every byte once",
    (sizeBytes) => {
      const partBytes = partBytesFor(sizeBytes, largeFileLimits);
      const plan = planParts(sizeBytes, partBytes);
      expect(plan.length).toBeLessThanOrEqual(10_000);
      expect(partBytes).toBeGreaterThanOrEqual(5 * mib);
      expect(partBytes % mib).toBe(0);
      let offsetBytes = 0;
      for (const [index, part] of plan.entries()) {
        expect(part).toMatchObject({ number: index + 1, offsetBytes });
        offsetBytes += part.sizeBytes;
      }
      expect(offsetBytes).toBe(sizeBytes);
      expect(
        plan.slice(0, -1).every((part) => part.sizeBytes === partBytes),
        "all but the last alike",
      ).toBe(true);
    },
  );

  test("keeps to the usual size as long as it can", () => {
    expect(partBytesFor(160_000 * mib, largeFileLimits)).toBe(16 * mib);
    expect(partBytesFor(160_000 * mib + 1, largeFileLimits)).toBe(17 * mib);
  });
});
