import { expect, test } from "vitest";
import { verifyWords, type VerifyReport } from "../../../helper/cli/verify-words.ts";

const summary: VerifyReport["summary"] = {
  method: "listing",
  ...{ photos: 0, objects: 0, bytes: 0, present: 0, missing: 0, changed: 0, unproved: 0, notAsked: 0, extra: 0 },
  findings: [],
};
const report: VerifyReport = {
  ...{ place: "b/photos", summary, disk: undefined, isPartial: false, isOfFolders: false, noted: "none" },
  elapsedMs: 1,
};

test("nothing to verify is said of what was looked at: the backup, or the folders that were named", () => {
  expect(verifyWords(report)).toMatch(/^Nothing has been backed up to b\/photos yet,/);
  expect(verifyWords({ ...report, isOfFolders: true })).toMatch(/^Nothing in these folders has been backed up/);
});

test.each(["ledger", "helper"] as const)("no word promises to send a photo that is nowhere any more (%s)", (noted) => {
  const lost: VerifyReport["summary"] = { ...summary, photos: 1, objects: 1, missing: 1 };
  expect(verifyWords({ ...report, noted, summary: lost })).toContain("again what is on this computer");
});

test("folders that could not be looked at are named, photos counted", () => {
  const disk = { onDisk: 3, backedUp: 3, notBackedUp: 0, onlyInBucket: 0 };
  const words = (unreadable: number, unreadableFolders: string[]) =>
    verifyWords({ ...report, disk: { ...disk, unreadable, unreadableFolders } });
  expect(words(1, ["/Volumes/Trip"])).toMatch(/^ {2}Not readable +\/Volumes\/Trip$/m);
  expect(words(3, ["/Volumes/Trip"])).toMatch(/^ {2}Not readable +2 more$/m);
  expect(words(2, [])).toMatch(/^ {2}Not readable +2 photos$/m);
  expect(words(0, [])).not.toContain("Not readable");
});

test("one other object is one", () => {
  const words = (extra: number) => verifyWords({ ...report, summary: { ...summary, objects: 1, present: 1, extra } });
  expect(words(1)).toContain("1 other object under");
  expect(words(2)).toContain("2 other objects under");
});
