import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { agentLabel } from "../../helper/control/agent-label.ts";
import { rememberChosenBucket } from "../../src/form/chosen-bucket.ts";
import { raycast } from "../support/raycast-stub/recorder.ts";
import { agreed, checkbox, chosen, commandsOf, showForm, values, worldThatAgrees } from "./harness/back-up-form.tsx";
import { useFakeMac } from "./harness/fake-mac.ts";
import { accessKeyId, createUiWorld, secretAccessKey } from "./harness/ui-world.ts";

describe("Back Up Folder", { timeout: 30_000 }, () => {
  it("starts with the preferences, and names bucket, region and endpoint in the consent", async () => {
    createUiWorld();
    raycast.preferences = { accessKeyId, secretAccessKey, region: "garage", endpoint: "https://s3.example.com:9000" };
    const screen = await showForm();
    expect(values(screen)).toEqual(["", "garage", "photos"]);
    await screen.fill("bucket", "family-photos");
    expect(checkbox(screen)).toMatchObject({
      title: "Consent",
      label: "I agree: upload my photos to family-photos at s3.example.com:9000, region garage",
      value: false,
    });
    expect(screen.all("Form.TextField").every(({ placeholder }) => placeholder)).toBe(true);
  });

  it("starts with the folders selected in Finder, and leaves files out", async () => {
    const world = createUiWorld();
    const folder = world.folder("Summer");
    writeFileSync(join(world.dir, "a.jpg"), "x");
    raycast.finderSelection = [folder, join(world.dir, "a.jpg"), join(world.dir, "gone")];
    expect((await showForm()).all("Form.FilePicker")[0]?.value).toEqual([folder]);
  });

  it("starts with the settings, and asks for no consent to what was agreed to", async () => {
    const world = createUiWorld();
    world.settings({ ...agreed(), ...chosen("/p") });
    const screen = await showForm();
    expect(values(screen)).toEqual(["family-photos", "eu-central-1", "photos"]);
    expect(checkbox(screen)).toBeUndefined();
    expect(screen.all("Form.Description").map(({ text }) => text)).toContain("You agreed to this bucket before.");
  });

  it("starts with the bucket that was chosen in List Buckets, but only for its endpoint", async () => {
    createUiWorld();
    await rememberChosenBucket({ bucket: "chosen-one", region: "eu-west-3", endpoint: "" });
    expect(values(await showForm())).toEqual(["chosen-one", "eu-west-3", "photos"]);
    raycast.preferences = { ...raycast.preferences, endpoint: "https://s3.example.com" };
    expect(values(await showForm())).toEqual(["", "us-east-1", "photos"]);
  });

  it.each([
    [undefined, "GLACIER_IR", ["--storage-class=GLACIER_IR"]],
    ["GLACIER_IR", "STANDARD", ["--storage-class=STANDARD"]],
    ["GLACIER_IR", "GLACIER_IR", undefined],
  ])("hands over the storage class when it changes: from %s to %s", async (before, chosenClass, expected) => {
    const world = worldThatAgrees();
    const settings = agreed();
    const known = settings.destination;
    world.settings({ ...settings, ...(known && before ? { destination: { ...known, storageClass: before } } : {}) });
    useFakeMac();
    const screen = await showForm();
    expect(screen.all("Form.Dropdown")[0]?.value).toBe(before ?? "STANDARD");
    expect(screen.all("Form.Dropdown.Item").map(({ title }) => title)).toEqual([
      ...["Standard", "Standard-IA", "Intelligent-Tiering", "Glacier Instant Retrieval"],
    ]);
    await screen.fill("storageClass", chosenClass);
    // The same bucket otherwise: nothing to agree to again.
    expect(checkbox(screen)).toBeUndefined();
    await screen.fill("folders", [world.folder("Summer")]);
    await screen.submit();
    const consent = world.helper.calls().find(({ argv }) => argv[0] === "consent");
    expect(consent?.argv.filter((argument) => argument.startsWith("--storage-class"))).toEqual(expected ?? undefined);
  });

  it.each([
    ["bucket", "other-bucket"],
    ["prefix", "elsewhere"],
    ["region", "us-west-2"],
  ])("invariant 2: asks again when the %s changes, and forgets a yes to another place", async (field, value) => {
    const world = createUiWorld();
    world.settings(agreed());
    const screen = await showForm();
    await screen.fill(field, value);
    expect(checkbox(screen)?.value).toBe(false);
    await screen.fill("consent", true);
    expect(checkbox(screen)?.value).toBe(true);
    await screen.fill(field, `${value}x`);
    expect(checkbox(screen)?.value).toBe(false);
  });

  it("invariant 2: asks again when the endpoint of the preferences changed", async () => {
    const world = createUiWorld();
    world.settings(agreed());
    raycast.preferences = { ...raycast.preferences, endpoint: "https://s3.example.com" };
    expect(checkbox(await showForm())).toBeDefined();
  });

  it("invariant 2: records nothing and asks for nothing before the person agreed", async () => {
    const world = worldThatAgrees();
    const screen = await showForm();
    await screen.fill("folders", [world.folder("Summer")]);
    await screen.fill("bucket", "family-photos");
    await screen.submit();
    expect(checkbox(screen)?.error).toBe("Nothing is uploaded before you agree");
    expect(world.helper.calls()).toEqual([]);
    expect(await world.requests()).toEqual([]);
  });

  it("records the destination before the folder, asks for a backup, starts the helper and shows the progress", async () => {
    const world = worldThatAgrees();
    const mac = useFakeMac();
    const folder = world.folder("Summer");
    const screen = await showForm();
    await screen.fill("folders", [folder]);
    await screen.fill("bucket", " family-photos ");
    await screen.fill("region", "eu-central-1");
    await screen.fill("prefix", "/photos/");
    await screen.fill("consent", true);
    await screen.submit();
    await screen.until(() => raycast.pushes.includes("StatusView"));
    const place = ["--bucket=family-photos", "--prefix=photos", "--region=eu-central-1", "--endpoint="];
    expect(world.helper.calls().map(({ argv }) => argv)).toEqual([
      ["consent", ...place, "--json"],
      ["folders", "add", folder, "--json"],
    ]);
    expect(await world.requests()).toEqual([{ kind: "back-up-now" }]);
    expect(mac.job(agentLabel)?.pid).toBeGreaterThan(0);
    expect(raycast.toasts.at(-1)).toMatchObject({ style: "success", title: "Backup Started" });
    await screen.until((now) => now.rows().length > 0);
  });

  it("only adds the folder when the destination stays", async () => {
    const world = worldThatAgrees();
    world.settings(agreed());
    const screen = await showForm();
    await screen.fill("folders", [world.folder("Summer")]);
    await screen.submit();
    await screen.until(() => raycast.pushes.length > 0);
    expect(commandsOf(world)).toEqual(["folders add"]);
  });

  it("can be submitted again: a folder already chosen is no error and is not added twice", async () => {
    const world = worldThatAgrees();
    const folder = world.folder("Summer");
    world.settings({ ...agreed(), ...chosen(folder) });
    const screen = await showForm();
    await screen.fill("folders", [folder]);
    await screen.submit();
    await screen.until(() => raycast.pushes.length > 0);
    expect(world.helper.calls()).toEqual([]);
    expect(await world.requests()).toEqual([{ kind: "back-up-now" }]);
  });

  it("keeps what was recorded and says so when the helper can't be started", async () => {
    const world = worldThatAgrees();
    world.settings(agreed());
    const screen = await showForm();
    await screen.fill("folders", [world.folder("Summer")]);
    await screen.submit();
    await screen.until(() => raycast.pushes.length > 0);
    expect(raycast.toasts.at(-1)).toMatchObject({ style: "failure", title: "No Background Backup Here" });
    expect(raycast.toasts.map(({ title }) => title)).not.toContain("Backup Started");
    expect(await world.requests()).toEqual([{ kind: "back-up-now" }]);
  });

  it("shows no empty form when the settings can't be read, and goes on after Retry", async () => {
    const world = createUiWorld();
    world.settings({ version: 2 as 1 });
    const screen = await showForm();
    expect(screen.all("Form.Description")[0]?.title).toBe("Written by a Newer Version");
    expect(screen.all("Form.FilePicker")).toEqual([]);
    world.settings({});
    await screen.run("Retry");
    await screen.until((now) => now.all("Form.FilePicker").length === 1);
  });
});
