import { beforeEach, expect, it } from "vitest";
import { tellPerson } from "../../../helper/daemon/tell-person.ts";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { emptySettings } from "../../../helper/state/files/settings.ts";

let told: string[] = [];
const notifier = {
  notify: async ({ title, key }: { title: string; key: string }) => void told.push(`${key}: ${title}`),
  settle: async (key: string) => void told.push(`settled ${key}`),
};
const summary = {
  ...{ scanned: 3, uploaded: 1, alreadyBackedUp: 1, conflicts: 0, failed: 1, deferred: 0 },
  ...{ unreadableFolders: [], leftAlone: {}, duplicates: 0, bytesUploaded: 1, requests: 2, elapsedMs: 3 },
};

beforeEach(() => {
  told = [];
});

it("tells what holds the whole backup", async () => {
  await tellPerson(notifier, emptySettings, { error: new BackupError("credentials-refused") });
  expect(told).toEqual(["held:credentials-refused: Backup stopped: Access Key Refused"]);
});

it("tells of a full disk here, which does not get over by itself", async () => {
  await tellPerson(notifier, emptySettings, { error: new BackupError("disk-full") });
  expect(told).toEqual(["held:disk-full: Backup stopped: Disk Full"]);
});

it("tells of our own files that cannot be written, and not of another helper, which ends by itself", async () => {
  await tellPerson(notifier, emptySettings, { error: new BackupError("state-unwritable") });
  await tellPerson(notifier, emptySettings, { error: new BackupError("another-helper-runs") });
  expect(told).toEqual(["held:state-unwritable: Backup stopped: State Not Writable"]);
});

it("names the permission that is missing", async () => {
  const bodies: string[] = [];
  const reading = { ...notifier, notify: async ({ body }: { body: string }) => void bodies.push(body) };
  const error = new BackupError("permission-denied", { detail: "s3:PutObject is missing; AccessDenied, HTTP 403" });
  await tellPerson(reading, emptySettings, { error });
  expect(bodies).toEqual([expect.stringContaining("(s3:PutObject is missing; AccessDenied, HTTP 403)")]);
});

it("keeps quiet about what passes by itself", async () => {
  await tellPerson(notifier, emptySettings, { error: new BackupError("network-down") });
  expect(told).toEqual([]);
});

it("tells failures in one notification, and takes back what is over", async () => {
  await tellPerson(notifier, emptySettings, { summary });
  await tellPerson(notifier, emptySettings, { summary: { ...summary, failed: 1200 } });
  await tellPerson(notifier, emptySettings, { summary: { ...summary, failed: 0 } });
  expect(told).toEqual([
    "settled held",
    "failures: 1 photo is not backed up",
    "settled held",
    "failures: 1,200 photos are not backed up",
    "settled held",
    "settled failures",
  ]);
});

it("tells nothing to a person who wants no notifications", async () => {
  await tellPerson(notifier, { ...emptySettings, notifications: false }, { summary });
  expect(told).toEqual([]);
});
