import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareUtf8 } from "../../support/loopback-s3/compare-utf8.ts";

describe("compareUtf8", () => {
  it("orders any two strings as their UTF-8 bytes are ordered", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(
      fc.property(text, text, (a, b) => {
        expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it("puts emoji after the rest of the basic plane, unlike JavaScript's own order", () => {
    expect(["\u{1f600}", "\uff5e"].toSorted(compareUtf8)).toEqual(["\uff5e", "\u{1f600}"]);
    expect(["\u{1f600}", "\uff5e"].toSorted()).toEqual(["\u{1f600}", "\uff5e"]);
  });
});
