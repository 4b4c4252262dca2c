import { describe, expect, it } from "vitest";
import ListBuckets from "../../src/list-buckets.tsx";
import { raycast } from "../support/raycast-stub/recorder.ts";
import { show } from "./harness/screen.tsx";
import { accessKeyId, createUiWorld, secretAccessKey } from "./harness/ui-world.ts";

const buckets = [
  { name: "family-photos", region: "eu-central-1", createdAt: "2024-05-01T12:00:00.000Z" },
  { name: "old", createdAt: "2019-01-02T12:00:00.000Z" },
];
const refused = {
  error: { code: "credentials-refused", title: "Access Key Refused", what: "Not accepted.", mend: "Check the key." },
};

describe("List Buckets", () => {
  it("shows loading and no empty view before the answer is there", async () => {
    const world = createUiWorld();
    world.helper.answer("buckets", { buckets });
    const screen = await show(<ListBuckets />);
    expect(screen.isLoading()).toBe(true);
    expect(screen.emptyView()).toBeUndefined();
    await screen.until((now) => !now.isLoading());
  });

  it("shows each bucket with region and creation date", async () => {
    const world = createUiWorld();
    world.helper.answer("buckets", { buckets });
    const screen = await show(<ListBuckets />);
    await screen.until((now) => now.rows().length === 2);
    expect(screen.rows()).toEqual(["family-photos | eu-central-1 | created May 1, 2024", "old | created Jan 2, 2019"]);
    expect(screen.actions("family-photos")).toEqual(["Use for Backups", "Copy Name", "Open in Browser", "Refresh"]);
  });

  it('asks with the region and the endpoint of the preferences, "" standing for AWS', async () => {
    const world = createUiWorld();
    world.helper.answer("buckets", { buckets });
    const screen = await show(<ListBuckets />);
    await screen.until((now) => now.rows().length === 2);
    expect(world.helper.calls("buckets")[0]?.argv).toEqual(["buckets", "--region=us-east-1", "--endpoint=", "--json"]);
  });

  it("is truly empty in other words than when it could not be read", async () => {
    const world = createUiWorld();
    world.helper.answer("buckets", { buckets: [] });
    const screen = await show(<ListBuckets />);
    await screen.until((now) => now.emptyView() !== undefined);
    expect(screen.emptyView()).toMatch(/^No Buckets \| This access key sees no bucket at AWS/);
  });

  it("shows the helper's words when the list could not be read, and reads it on Retry", async () => {
    const world = createUiWorld();
    world.helper.answer("buckets", refused, 3);
    const screen = await show(<ListBuckets />);
    await screen.until((now) => now.emptyView() !== undefined);
    expect(screen.emptyView()).toBe("Access Key Refused | Not accepted. Check the key.");
    expect(screen.actions()).toEqual(["Retry", "Open Preferences", "Copy Details"]);
    await screen.run("Open Preferences");
    expect(raycast.preferencesOpened).toBe(1);
    world.helper.answer("buckets", { buckets });
    await screen.run("Retry");
    await screen.until((now) => now.rows().length === 2);
    // The Keychain might have lost the key, so it is handed over once more.
    expect(world.helper.calls("credentials set")).toHaveLength(1);
  });

  it("shows what went wrong when the helper gives no answer at all", async () => {
    createUiWorld();
    const screen = await show(<ListBuckets />);
    await screen.until((now) => now.emptyView() !== undefined);
    expect(screen.emptyView()).toMatch(/^Helper Gave No Answer \| .*no answer set for buckets/);
  });

  it("does not take an answer it doesn't understand for an empty list", async () => {
    const world = createUiWorld();
    world.helper.answer("buckets", { surprise: [] });
    const screen = await show(<ListBuckets />);
    await screen.until((now) => now.emptyView() !== undefined);
    expect(screen.emptyView()).toMatch(/^Helper Not Understood/);
  });

  it("opens the form with the bucket and its region on Use for Backups, and writes no settings by itself", async () => {
    const world = createUiWorld();
    world.helper.answer("buckets", { buckets });
    const screen = await show(<ListBuckets />);
    await screen.until((now) => now.rows().length === 2);
    await screen.run("Use for Backups", "family-photos");
    await screen.until((now) => now.all("Form.TextField").length > 0);
    expect(screen.all("Form.TextField").map(({ value }) => value)).toEqual(["family-photos", "eu-central-1", "photos"]);
    expect(world.helper.calls("consent")).toEqual([]);
  });

  it("copies the name and opens the bucket at AWS or at the endpoint", async () => {
    const world = createUiWorld();
    world.helper.answer("buckets", { buckets });
    const screen = await show(<ListBuckets />);
    await screen.until((now) => now.rows().length === 2);
    await screen.run("Copy Name", "family-photos");
    await screen.run("Open in Browser", "family-photos");
    expect(raycast.clipboard).toEqual(["family-photos"]);
    expect(raycast.opened).toEqual(["https://console.aws.amazon.com/s3/buckets/family-photos?region=eu-central-1"]);

    raycast.preferences = { accessKeyId, secretAccessKey, endpoint: "https://s3.example.com:9000/" };
    const other = await show(<ListBuckets />);
    await other.until((now) => now.rows().length === 2);
    await other.run("Open in Browser", "old");
    expect(raycast.opened.at(-1)).toBe("https://s3.example.com:9000/old");
  });
});
