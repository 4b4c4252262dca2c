import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ledgerEntrySchema } from "../../../helper/state/files/ledger-entry.ts";
import { checkEntry } from "../../../helper/state/ledger/check-entry.ts";
import { someEntry, someTime } from "../../support/state/samples.ts";

const oddTimes = [
  "2026-11-22T20:52:02Z",
  "2026-11-22T20:52Z",
  "2026-11-22T20:52:02.123456Z",
  "2026-02-30T00:00:00Z",
  "2024-02-29T00:00:00Z",
  "2023-02-29T00:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-11-22T24:00:00Z",
  "2026-11-22T20:52:02+01:00",
  "2026-11-22 20:52:02Z",
  "2026-11-22T20:52:02.123Z\n",
  " 2026-11-22T20:52:02.123Z",
];
const anything = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    true,
    "",
    [],
    {},
    0,
    -0,
    -1,
    1.5,
    2 ** 53,
    NaN,
    Infinity,
    "uploaded",
    "found",
  ),
  fc.constantFrom(...oddTimes),
  fc.string(),
  fc.double(),
  fc.anything({ maxDepth: 1 }),
);
const time = fc.oneof({ weight: 8, arbitrary: fc.constant(someTime) }, anything);
const count = fc.oneof({ weight: 8, arbitrary: fc.nat() }, anything);
const text = fc.oneof({ weight: 8, arbitrary: fc.string() }, anything);
const number = fc.oneof({ weight: 8, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) }, anything);
const earlier = fc.record(
  { s3Key: text, size: count, uploadedAt: time, sha256: text, mtimeMs: number, etag: text, later: anything },
  { requiredKeys: [] },
);
const entryLike = fc.record(
  {
    uploadedAt: time,
    size: count,
    s3Key: text,
    mtimeMs: number,
    ctimeMs: number,
    inode: number,
    sha256: text,
    etag: text,
    takenAt: text,
    proof: fc.oneof(fc.constantFrom("uploaded", "found"), anything),
    previous: fc.oneof(fc.array(earlier, { maxLength: 2 }), anything),
    missingSince: time,
    goneSince: time,
    changedKeys: fc.oneof(fc.array(text, { maxLength: 2 }), anything),
    somethingLater: anything,
  },
  { requiredKeys: [] },
);
/** A good entry with one field spoiled: random ones are mostly wrong in several places at once. */
const almostGood = fc
  .tuple(
    fc.constantFrom(
      "uploadedAt",
      "size",
      "s3Key",
      "mtimeMs",
      "proof",
      "previous",
      "missingSince",
      "etag",
      "goneSince",
      "changedKeys",
    ),
    anything,
  )
  .map(([name, value]) => ({ ...someEntry(1), [name]: value }));

describe("checkEntry", () => {
  it("says the same as the schema, whatever it is given", () => {
    const answers = { yes: 0, no: 0 };
    fc.assert(
      fc.property(fc.oneof(entryLike, almostGood, anything), (value) => {
        const expected = ledgerEntrySchema.safeParse(value).success;
        answers[expected ? "yes" : "no"]++;
        expect(checkEntry(value)).toBe(expected);
      }),
      { numRuns: 5000 },
    );
    expect(answers.yes).toBeGreaterThan(200);
    expect(answers.no).toBeGreaterThan(200);
  });

  it.each(oddTimes)("says the same as the schema of the time %j", (uploadedAt) => {
    const value = { ...someEntry(1), uploadedAt };
    expect(checkEntry(value)).toBe(ledgerEntrySchema.safeParse(value).success);
  });

  it("says the same as the schema where one field is missing", () => {
    for (const name of ["uploadedAt", "size", "s3Key", "mtimeMs", "sha256", "proof"]) {
      const value: Record<string, unknown> = { ...someEntry(1) };
      delete value[name];
      expect([name, checkEntry(value)]).toEqual([name, ledgerEntrySchema.safeParse(value).success]);
    }
  });
});
