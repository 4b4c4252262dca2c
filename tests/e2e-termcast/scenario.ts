import { strict as assert } from "node:assert";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentLabel } from "../../helper/control/agent-label.ts";
import { generatePhoto } from "../support/photos/generate-photos.ts";
import type { Termcast } from "./harness.ts";
import type { Step } from "./run-steps.ts";
import { bucket, otherBucket, photoCount, sha256OfFile, type World } from "./world.ts";

const BACKUP_MS = 60_000;
const emptyName = "IMG_empty.jpg";

/** What a person does on the first day: look, choose, agree, watch it finish, meet a failure and mend it. */
export function scenario(world: World, termcast: Termcast): Step[] {
  const emptyPath = join(world.photosDir, emptyName);
  return [
    {
      name: "the first command asks for the access key",
      run: async () => {
        await termcast.openCommand("List Buckets");
        await termcast.waitFor(/Access Key ID/, "the preferences");
        await termcast.saveScreen("preferences");
        const { accessKeyId, secretAccessKey } = world.credentials;
        await termcast.fillForm([accessKeyId, secretAccessKey, undefined, world.endpoint]);
      },
    },
    {
      name: "List Buckets shows the buckets, and never the secret",
      run: async () => {
        await termcast.waitFor(new RegExp(otherBucket), "the buckets", 30_000);
        const screen = await termcast.saveScreen("buckets");
        assert.match(screen, new RegExp(bucket));
        assert.ok(!screen.includes(world.credentials.secretAccessKey));
        const actions = await termcast.listActions();
        for (const title of ["Use for Backups", "Copy Name", "Open in Browser"]) {
          assert.ok(
            actions.some((action) => action.startsWith(title)),
            `no action ${title} in ${actions.join(", ")}`,
          );
        }
      },
    },
    {
      name: "Use for Backups chooses the bucket, and nothing is uploaded yet",
      run: async () => {
        await termcast.runAction("Use for Backups");
        await termcast.waitFor(/✓|Consent|I agree/i, "an answer");
        await termcast.saveScreen("bucket-chosen");
        assert.equal((await world.objectHashes()).size, 0);
      },
    },
    {
      name: "Back Up Folder names bucket, region and endpoint, and takes the folder and the consent",
      run: async () => {
        await termcast.openCommand("Back Up Folder");
        await termcast.waitFor(/Folders/, "the form");
        const form = await termcast.saveScreen("form");
        for (const words of [bucket, "us-east-1", world.endpoint.replace("http://", "")]) {
          assert.ok(form.includes(words), `the form does not name ${words}`);
        }
        await termcast.chooseFolder(world.photosDir);
        await termcast.tickCheckbox("Consent");
        await termcast.saveScreen("form-filled");
        await termcast.runAction("Back Up");
      },
    },
    {
      name: `Show Status comes to "all ${photoCount} photos backed up"`,
      run: async () => {
        await termcast.waitFor((screen) => !/^ *◇ +Folders/m.test(screen), "the form to close", 30_000);
        await termcast.saveScreen("submitted");
        await termcast.openCommand("Show Status");
        await termcast.saveScreen("status-first");
        await termcast.waitFor(new RegExp(`all ${photoCount} photos`, "i"), "all photos backed up", BACKUP_MS);
        await termcast.saveScreen("status-all-backed-up");
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
        await termcast.waitFor(/nothing|no photo|no failure|every photo|all /i, "the good news");
        await termcast.saveScreen("no-failures");
      },
    },
    {
      name: "an empty photo shows up in View Failures with its reason in words",
      run: async () => {
        writeFileSync(emptyPath, "");
        await termcast.openCommand("View Failures");
        await termcast.waitFor(/Empty File/i, "the empty photo's reason", BACKUP_MS);
        const screen = await termcast.saveScreen("failure");
        assert.ok(screen.includes(emptyName), "the photo is not named");
        const actions = await termcast.listActions();
        for (const title of ["Retry", "Retry All", "Show in Finder", "Copy Details"]) {
          assert.ok(
            actions.some((action) => action.startsWith(title)),
            `no action ${title} in ${actions.join(", ")}`,
          );
        }
      },
    },
    {
      name: "Show Status does not say that all is backed up then",
      run: async () => {
        await termcast.openCommand("Show Status");
        await termcast.waitFor(/1 .*(fail|not backed up)/i, "the failure's count", BACKUP_MS);
        const screen = await termcast.saveScreen("status-with-failure");
        assert.ok(!/all \d+ photos/i.test(screen), "it says all");
      },
    },
    {
      name: "with the photo mended and Retry, all is backed up again",
      run: async () => {
        writeFileSync(emptyPath, await generatePhoto({ format: "jpeg", seed: 4711, approxBytes: 30_000 }));
        await termcast.openCommand("View Failures");
        await termcast.openCommand("Show Status");
        await termcast.waitFor(new RegExp(`all ${photoCount + 1} photos`, "i"), "all photos backed up", BACKUP_MS);
        await termcast.saveScreen("status-mended");
      },
    },
    {
      name: "Turn Background Backup Off ends the helper and removes its agent",
      run: async () => {
        await termcast.runAction("Turn Background Backup Off");
        await termcast.saveScreen("turned-off");
        const plist = join(world.mac.home, "Library", "LaunchAgents", `${agentLabel}.plist`);
        await termcast.waitFor(() => !existsSync(plist), "the agent to be removed", 30_000);
        assert.equal(world.mac.job(agentLabel), undefined);
        await termcast.saveScreen("status-off");
      },
    },
  ];
}
