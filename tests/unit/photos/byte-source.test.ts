import { describe, expect, test } from "vitest";
import { byteSourceOf, limitSource } from "../../../helper/photos/byte-source.ts";

const bytes = Uint8Array.from({ length: 100 }, (_, index) => index);

describe("a source over bytes in memory", () => {
  test("gives what is asked for, and less only at the end", async () => {
    const source = byteSourceOf(bytes);
    expect([...(await source.readAt(10, 3))]).toEqual([10, 11, 12]);
    expect([...(await source.readAt(98, 10))]).toEqual([98, 99]);
    expect(source.sizeBytes).toBe(100);
  });
});

describe("a limited source", () => {
  const limited = (limits: { maxReads: number; maxBytes: number }) => limitSource(byteSourceOf(bytes), limits);

  test("ends after its number of reads", async () => {
    const source = limited({ maxReads: 2, maxBytes: 1000 });
    await source.readAt(0, 1);
    await source.readAt(0, 1);
    await expect(source.readAt(0, 1)).rejects.toThrow(RangeError);
  });

  test("ends after its number of bytes", async () => {
    const source = limited({ maxReads: 1000, maxBytes: 150 });
    await source.readAt(0, 100);
    await expect(source.readAt(0, 51)).rejects.toThrow(RangeError);
  });

  test.each([-1, 100, 5e9, Number.NaN, Number.POSITIVE_INFINITY])("refuses to read at %d", async (offset) => {
    await expect(limited({ maxReads: 9, maxBytes: 900 }).readAt(offset, 1)).rejects.toThrow(RangeError);
  });

  test("refuses a negative length", async () => {
    await expect(limited({ maxReads: 9, maxBytes: 900 }).readAt(5, -1)).rejects.toThrow(RangeError);
  });
});
