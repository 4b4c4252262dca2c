import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readAskedFor } from "../../../helper/session/asked-for.ts";
import { hasConsent } from "../../../helper/session/has-consent.ts";
import { chosenFolders, coversAll, isInside, oneOffFolder } from "../../../helper/session/scanned-folders.ts";
import { destinationId } from "../../../helper/state/files/destination-id.ts";
import { writeRequest } from "../../../helper/state/files/request-store.ts";
import { emptySettings, type Settings } from "../../../helper/state/files/settings.ts";
import { otherDestination, someDestination, someTime } from "../../support/state/samples.ts";
import { tempState } from "../../support/state/temp-state.ts";

const pictures = { path: "/home/me/Pictures", label: "Pictures", addedAt: someTime };
const settings: Settings = { ...emptySettings, folders: [pictures], labels: { [pictures.path]: "Pictures" } };

describe("the folders of a run", () => {
  test("are the chosen ones, each the root of its keys", () => {
    expect(chosenFolders(settings)).toEqual([{ path: pictures.path, root: pictures.path, label: "Pictures" }]);
  });

  test("one named inside a chosen folder keeps that one's keys", () => {
    const folder = oneOffFolder("/home/me/Pictures/2024", settings);
    expect(folder).toEqual({ path: "/home/me/Pictures/2024", root: pictures.path, label: "Pictures" });
    expect(coversAll([folder], settings)).toBe(false);
  });

  test("the chosen folder itself is no other folder", () => {
    const folder = oneOffFolder(pictures.path, settings);
    expect(folder).toEqual(chosenFolders(settings)[0]);
    expect(coversAll([folder], settings)).toBe(true);
  });

  test("one named elsewhere has a label of its own, the one it had before", () => {
    expect(oneOffFolder("/mnt/card/Pictures", settings).label).toBe("Pictures-2");
    const known = { ...settings, labels: { ...settings.labels, "/mnt/card/Pictures": "Card" } };
    expect(oneOffFolder("/mnt/card/Pictures", known).label).toBe("Card");
    expect(coversAll([oneOffFolder("/mnt/card", settings)], settings)).toBe(false);
  });

  test.each([
    ["/a/b", "/a", true],
    ["/a", "/a", true],
    ["/ab", "/a", false],
    ["/a", "/a/b", false],
    ["/a", "/", true],
    ["/", "/a", false],
  ])("%s inside %s: %s", (inner, outer, expected) => {
    expect(isInside(inner, outer)).toBe(expected);
  });
});

describe("invariant 2: consent", () => {
  const consent = { grantedAt: someTime, destinationId: destinationId(someDestination), destination: someDestination };

  test("is for one destination, and for those agreed to before", () => {
    expect(hasConsent(emptySettings, someDestination)).toBe(false);
    expect(hasConsent({ ...emptySettings, consent }, someDestination)).toBe(true);
    expect(hasConsent({ ...emptySettings, consent }, otherDestination)).toBe(false);
    expect(hasConsent({ ...emptySettings, earlierConsents: [consent] }, someDestination)).toBe(true);
  });

  test.each([{ prefix: "elsewhere" }, { bucket: "another" }, { endpoint: "https://s3.example.com" }])(
    "does not reach to %o",
    (change) => {
      expect(hasConsent({ ...emptySettings, consent }, { ...someDestination, ...change })).toBe(false);
    },
  );

  test("stays when only the region was mended", () => {
    expect(hasConsent({ ...emptySettings, consent }, { ...someDestination, region: "eu-west-1" })).toBe(true);
  });
});

describe("requests", () => {
  test("are put together, and stay until they were met", async () => {
    const paths = await tempState();
    expect(await readAskedFor(paths)).toMatchObject({ now: false, retryAll: false });
    await writeRequest(paths, { kind: "retry", paths: ["/a.jpg", "/b.jpg"] });
    await writeRequest(paths, { kind: "back-up-anyway", paths: ["/c.jpg"] });
    await writeRequest(paths, { kind: "back-up-now" });
    const asked = await readAskedFor(paths);
    expect(asked).toMatchObject({ now: true, retryAll: false });
    expect([...asked.retryPaths].sort()).toEqual(["/a.jpg", "/b.jpg"]);
    expect([...asked.anywayPaths]).toEqual(["/c.jpg"]);
    expect(readdirSync(paths.requestsDir)).toHaveLength(3);
    await writeRequest(paths, { kind: "retry-all" });
    await asked.done();
    expect(await readAskedFor(paths)).toMatchObject({ now: true, retryAll: true });
    expect(readdirSync(paths.requestsDir)).toHaveLength(1);
  });
});
