import { expect, it } from "vitest";
import { whatBlocks } from "../../../helper/daemon/what-blocks.ts";
import { destinationId } from "../../../helper/state/files/destination-id.ts";
import { emptySettings, type Settings } from "../../../helper/state/files/settings.ts";

const grantedAt = "2026-05-01T10:00:00.000Z";
const destination = { region: "us-east-1", bucket: "my-photos", prefix: "photos" };
const consent = { grantedAt, destinationId: destinationId(destination), destination };
const folders = [{ path: "/p", label: "p", addedAt: grantedAt }];

const cases: [string, Partial<Settings>, string | undefined][] = [
  ["no bucket", { folders }, "no-destination"],
  ["invariant 2: no consent", { destination, folders }, "no-consent"],
  [
    "invariant 2: consent to another bucket",
    { destination: { ...destination, bucket: "other" }, consent, folders },
    "no-consent",
  ],
  [
    "invariant 2: consent to another prefix",
    { destination: { ...destination, prefix: "x" }, consent, folders },
    "no-consent",
  ],
  ["no folder", { destination, consent }, "no-folders"],
  ["nothing", { destination, consent, folders }, undefined],
  [
    "nothing, in a mended region",
    { destination: { ...destination, region: "eu-west-1" }, consent, folders },
    undefined,
  ],
  ["nothing, agreed to earlier", { destination, earlierConsents: [consent], folders }, undefined],
];

it.each(cases)("%s blocks", (_, settings, code) => {
  expect(whatBlocks({ ...emptySettings, ...settings })?.code).toBe(code);
});
