import { strict as assert } from "node:assert";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentLabel } from "../../helper/control/agent-label.ts";
import { generatePhoto } from "../support/photos/generate-photos.ts";
import type { Termcast } from "./harness.ts";
import type { Step } from "./run-steps.ts";
import { bucket, otherBucket, photoCount, sha256OfFile, type World } from "./world.ts";

/** Generous: the machines that run this can be slow, and nothing waits longer than it must. */
const LONG_MS = 120_000;
const emptyName = "IMG_empty.jpg";
const folderName = "Summer";

/** What a person does on the first day: look, choose, agree, watch it finish, meet a failure, mend it, and leave again. */
export function scenario(world: World, termcast: Termcast): Step[] {
  return [
    ...choosing(world, termcast),
    ...backingUp(world, termcast),
    ...mending(world, termcast),
    ...leaving(world, termcast),
  ];
}

function choosing(world: World, termcast: Termcast): Step[] {
  const { accessKeyId, secretAccessKey } = world.credentials;
  return [
    {
      name: "Show Status of a fresh Mac leads to the form",
      run: async () => {
        await termcast.openCommand("Show Status");
        await termcast.waitFor(/Access Key ID/, "the preferences");
        await termcast.saveScreen("preferences");
        await termcast.fillForm([accessKeyId, secretAccessKey, undefined, world.endpoint]);
        await termcast.runAction("Save Preferences");
        await termcast.waitFor(/No Folder Chosen/, "the status", LONG_MS);
        await termcast.saveScreen("status-fresh");
        assert.equal((await termcast.listActions())[0], "Back Up Folder");
      },
    },
    {
      name: "with a wrong key in the Keychain, List Buckets says so in words and offers Retry",
      run: async () => {
        world.spoilKeychain();
        await termcast.openCommand("List Buckets");
        await termcast.waitFor(/does not accept the access key or its secret/, "the refusal", LONG_MS);
        await termcast.saveScreen("buckets-refused");
        hasActions(await termcast.listActions(), ["Retry", "Open Preferences", "Copy Details"]);
      },
    },
    {
      name: "Retry hands the right key over again, and List Buckets shows the buckets, never the secret",
      run: async () => {
        await termcast.press("Enter");
        const screen = await termcast.waitFor(new RegExp(`${otherBucket}.*${createdThisYear}`), "the buckets", LONG_MS);
        await termcast.saveScreen("buckets");
        assert.match(screen, new RegExp(`${bucket}.*${createdThisYear}`));
        assert.ok(!screen.includes(secretAccessKey));
        hasActions(await termcast.listActions(), ["Use for Backups", "Copy Name", "Open in Browser"]);
      },
    },
    {
      name: "Use for Backups leads to the form, and nothing is uploaded yet",
      run: async () => {
        await termcast.runAction("Use for Backups");
        await termcast.waitFor(new RegExp(`I agree: upload my photos to ${bucket}`), "the form");
        await termcast.saveScreen("bucket-chosen");
        assert.equal((await world.objectHashes()).size, 0);
      },
    },
  ];
}

function backingUp(world: World, termcast: Termcast): Step[] {
  return [
    {
      name: "Back Up Folder names bucket, region and endpoint, and takes nothing without the consent",
      run: async () => {
        await termcast.openCommand("Back Up Folder");
        await termcast.waitFor(new RegExp(`I agree: upload my photos to ${bucket}`), "the form");
        const form = await termcast.saveScreen("form");
        const place = `${bucket} at ${new URL(world.endpoint).host}, region us-east-1`;
        assert.equal(form.split(place).length - 1, 2, `the form does not name ${place} beside the consent`);
        await termcast.chooseFolder(world.photosDir);
        await termcast.runAction("Back Up");
        await termcast.waitFor(/Nothing is uploaded before you agree/, "the refusal");
        await termcast.saveScreen("form-refused");
        assert.equal((await world.objectHashes()).size, 0);
      },
    },
    {
      name: "with the consent, the status opens and shows the progress",
      run: async () => {
        await termcast.tickCheckbox("Consent");
        await termcast.saveScreen("form-filled");
        await termcast.runAction("Back Up");
        await termcast.waitFor(/Backing Up.* to go/, "the progress", LONG_MS);
        await termcast.waitFor(/[1-9]\d* photos? in the queue/, "the queue", LONG_MS);
        await termcast.saveScreen("status-progress");
      },
    },
    {
      name: `Show Status comes to "All ${photoCount} photos backed up"`,
      run: async () => {
        await termcast.waitFor(allBackedUp(photoCount), "all photos backed up", LONG_MS);
        const screen = await termcast.saveScreen("status-all-backed-up");
        assert.equal(screen.split(`All ${photoCount} photos`).length - 1, 1, "it says so twice");
        assert.equal((await termcast.listActions())[0], "Back Up Now");
      },
    },
    {
      name: "every object equals its file",
      run: async () => {
        const stored = new Set((await world.objectHashes()).values());
        const missing = world.photos.filter((photo) => !stored.has(sha256OfFile(join(world.photosDir, photo))));
        assert.deepEqual(missing, []);
      },
    },
    {
      name: "View Failures says that nothing failed",
      run: async () => {
        await termcast.openCommand("View Failures");
        await termcast.waitFor(/No Failures/, "the good news");
        const screen = await termcast.saveScreen("no-failures");
        assert.match(screen, allBackedUp(photoCount));
      },
    },
  ];
}

function mending(world: World, termcast: Termcast): Step[] {
  const emptyPath = join(world.photosDir, emptyName);
  return [
    {
      name: "an empty photo shows up in View Failures with its reason in words",
      run: async () => {
        await world.putStranger(`photos/${folderName}/${emptyName}`);
        writeFileSync(emptyPath, "");
        await termcast.waitFor(/Empty File: The file has no bytes in it/, "the empty photo's reason", LONG_MS);
        const screen = await termcast.saveScreen("failure");
        assert.ok(screen.includes(emptyName), "the photo is not named");
        hasActions(await termcast.listActions(), ["Retry", "Retry All", "Show in Finder", "Copy Details"]);
      },
    },
    {
      name: "Show Status does not say that all is backed up then, and leads to the failure",
      run: async () => {
        await termcast.openCommand("Show Status");
        await termcast.waitFor(/1 photo failed/, "the failure's count", LONG_MS);
        await termcast.waitFor(
          new RegExp(`${photoCount} of ${photoCount + 1} photos backed up`),
          "the counts",
          LONG_MS,
        );
        const screen = await termcast.saveScreen("status-with-failure");
        assert.ok(!/all \d+ photos/i.test(screen), "it says all");
        assert.equal((await termcast.listActions())[0], "View Failures");
      },
    },
    {
      name: "with the photo mended and Retry, the failure is gone",
      run: async () => {
        const photo = await generatePhoto({ format: "jpeg", seed: 4711, approxBytes: 30_000 });
        await termcast.openCommand("View Failures");
        await termcast.waitFor(/Empty File/, "the failure", LONG_MS);
        // Only then, as the helper sees the mended file by itself after a few seconds.
        await termcast.runAction("Retry", () => writeFileSync(emptyPath, photo));
        await termcast.waitFor(/✓ Trying It Again/, "the answer");
        await termcast.saveScreen("retried");
        await termcast.waitFor(/No Failures/, "the failure to go", LONG_MS);
        await termcast.saveScreen("no-failures-again");
        await termcast.openCommand("Show Status");
        await termcast.waitFor(allBackedUp(photoCount + 1), "all photos backed up", LONG_MS);
      },
    },
    {
      name: "View Failures tells that something else had the photo's name, and where both are",
      run: async () => {
        await termcast.openCommand("View Failures");
        await termcast.waitFor(/1 Resolved Conflict/, "the conflict", LONG_MS);
        const screen = await termcast.saveScreen("resolved-conflict");
        assert.match(screen, /No Failures/);
        assert.match(screen, /IMG_empty\.jpg +is photos\/Summer\/IMG_empty\.[0-9a-f]{8}\.jpg/);
        hasActions(await termcast.listActions(), ["Show Status", "Back Up Folder"]);
        await termcast.openCommand("Show Status");
      },
    },
  ];
}

function leaving(world: World, termcast: Termcast): Step[] {
  return [
    {
      name: "Pause holds a new photo back, and Resume takes it",
      run: async () => {
        await termcast.runAction("Pause");
        await termcast.waitFor(/Nothing is uploaded until you resume/, "the pause", LONG_MS);
        await termcast.saveScreen("status-paused");
        const photo = await generatePhoto({ format: "jpeg", seed: 815, approxBytes: 30_000 });
        writeFileSync(join(world.photosDir, "IMG_paused.jpg"), photo);
        assert.equal((await termcast.listActions())[0], "Resume");
        await termcast.runAction("Resume");
        await termcast.waitFor(allBackedUp(photoCount + 2), "all photos backed up", LONG_MS);
        await termcast.saveScreen("status-resumed");
      },
    },
    {
      name: "Remove Folder asks first, and deletes nothing",
      run: async () => {
        const before = await world.objectHashes();
        await termcast.searchRow(folderName);
        await termcast.runAction("Remove Folder");
        const alert = await termcast.waitFor(new RegExp(`Stop Backing Up "${folderName}"`), "the question");
        await termcast.saveScreen("remove-folder-alert");
        assert.match(alert, /Nothing in the bucket is deleted/);
        await termcast.clickOn("[Remove Folder");
        await termcast.waitFor(/✓ Folder Removed/, "the answer", LONG_MS);
        await termcast.openCommand("Show Status");
        await termcast.waitFor(/No Folder Chosen/, "the folder to be gone", LONG_MS);
        await termcast.saveScreen("folder-removed");
        assert.deepEqual(await world.objectHashes(), before);
        assert.equal(world.photos.filter((photo) => existsSync(join(world.photosDir, photo))).length, photoCount);
      },
    },
    {
      name: "Turn Background Backup Off ends the helper and removes its agent",
      run: async () => {
        const pid = world.mac.job(agentLabel)?.pid;
        assert.ok(pid, "no helper runs");
        await termcast.runAction("Turn Background Backup Off");
        await termcast.waitFor(/✓ Background Backup Is Off/, "the answer", LONG_MS);
        const plist = join(world.mac.home, "Library", "LaunchAgents", `${agentLabel}.plist`);
        assert.ok(!existsSync(plist), "its property list is still there");
        assert.equal(world.mac.job(agentLabel), undefined);
        await termcast.waitFor(() => !existsSync(`/proc/${pid}`), "the helper to end", LONG_MS);
        await termcast.waitFor(/Background Backup Is Off +New photos/, "the status to say so", LONG_MS);
        await termcast.saveScreen("status-off");
      },
    },
  ];
}

const createdThisYear = `created .* ${new Date().getFullYear()}`;

function allBackedUp(count: number): RegExp {
  return new RegExp(`All ${count} photos backed up`);
}

function hasActions(actions: string[], wanted: string[]): void {
  const missing = wanted.filter((title) => !actions.some((action) => action.startsWith(title)));
  assert.deepEqual(missing, [], `not among ${actions.join(", ")}`);
}
