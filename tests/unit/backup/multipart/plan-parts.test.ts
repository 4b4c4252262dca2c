import { describe, expect, test } from "vitest";
import {
  largeFileLimits,
  limitsAt,
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

describe("at a service of narrower limits", () => {
  const gib = 1024 * mib;

  test.each([17 * gib, 300 * gib, 4 * 1024 * gib])("of 1,000 parts %i bytes go in larger ones", (sizeBytes) => {
    const limits = limitsAt({ partsMost: 1_000 }, largeFileLimits);
    const plan = planParts(sizeBytes, partBytesFor(sizeBytes, limits));
    expect(plan.length).toBeLessThanOrEqual(1_000);
    expect(plan.reduce((sum, part) => sum + part.sizeBytes, 0)).toBe(sizeBytes);
  });

  test("of 1,000 parts what would need parts above 5 GiB is too large", () => {
    const limits = limitsAt({ partsMost: 1_000 }, largeFileLimits);
    expect(partBytesFor(5_000 * gib, limits)).toBe(5 * gib);
    expect(() => partBytesFor(5_000 * gib + 1, limits)).toThrow(/1,000 parts at most/);
  });

  test("without uploads in parts all goes whole, up to 5 GiB", () => {
    const limits = limitsAt({ partsMost: 0 }, largeFileLimits);
    expect(limits.cutoffBytes).toBe(5 * gib);
    expect(() => partBytesFor(5 * gib + 1, limits)).toThrow(/no uploads in parts/);
  });

  test("that are wider than ours nothing changes", () => {
    expect(limitsAt({ partsMost: 100_000 }, largeFileLimits)).toEqual(largeFileLimits);
    expect(limitsAt({}, largeFileLimits)).toEqual(largeFileLimits);
  });
});
