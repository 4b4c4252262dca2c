import { describe, expect, test } from "vitest";
import { resolveDestination } from "../../../helper/cli/resolve-destination.ts";
import { BackupError } from "../../../helper/state/errors/backup-error.ts";
import { emptySettings } from "../../../helper/state/files/settings.ts";
import { readSettings } from "../../../helper/state/files/settings-store.ts";
import { filesUnder } from "../../support/state/temp-state.ts";
import { cliBench } from "../../support/engine/cli-bench.ts";
import { someDestination } from "../../support/state/samples.ts";

describe("credentials set", () => {
  test.each([
    "",
    "sesame",
    '{"accessKeyId":"AKIA","secretAccessKey":"sesame"',
    '{"accessKeyId":"","secretAccessKey":"sesame"}',
    '{"secretAccessKey":"sesame"}',
    '{"accessKeyId":"AKIA","secretAccessKey":["sesame"]}',
    '["sesame"]',
    "null",
  ])("invariant 9: given %s says what it wants, and repeats nothing of it", async (given) => {
    const bench = await cliBench();
    for (const json of [[], ["--json"]]) {
      const answer = await bench.runWith(given, "credentials", "set", ...json);
      expect(answer.exitCode).toBe(2);
      expect(answer.stdout + answer.stderr).toContain("accessKeyId");
      expect(answer.stdout + answer.stderr).not.toMatch(/sesame|AKIA/);
    }
    expect(filesUnder(bench.paths.stateDir)).toEqual([]);
  });
});

describe("buckets", () => {
  test("lists them with region and day, and as JSON", async () => {
    const found = [
      { name: "photos", region: "eu-west-1", createdAt: "2024-05-01T10:00:00.000Z" },
      { name: "long-name-of-a-bucket" },
    ];
    const asked: object[] = [];
    const bench = await cliBench({ listBuckets: async (place) => (asked.push(place), found) });
    const words = await bench.run("buckets", "--endpoint", "http://127.0.0.1:9000", "--region", "eu-west-1");
    expect(words.stdout).toBe("photos                 eu-west-1         2024-05-01\nlong-name-of-a-bucket\n");
    expect(asked).toEqual([{ region: "eu-west-1", endpoint: "http://127.0.0.1:9000", allowInsecureHttp: false }]);
    expect((await bench.run("buckets", "--json")).json()).toEqual({ buckets: found });
  });

  test("ends with 3 when the service refuses, and says when there are none", async () => {
    const refusing = await cliBench({ listBuckets: () => Promise.reject(new BackupError("credentials-refused")) });
    expect(await refusing.run("buckets")).toMatchObject({ exitCode: 3, stdout: "" });
    const empty = await cliBench({ listBuckets: async () => [] });
    expect((await empty.run("buckets")).stdout).toBe("This access key sees no buckets.\n");
  });

  test("refuses to send the key in the clear", async () => {
    const bench = await cliBench();
    const answer = await bench.run("buckets", "--endpoint", "http://s3.example.com", "--json");
    expect(answer.exitCode).toBe(3);
    expect(answer.json()).toMatchObject({ error: { code: "insecure-endpoint" } });
  });
});

describe("the destination", () => {
  const settings = { ...emptySettings, destination: { ...someDestination, endpoint: "https://s3.example.com" } };
  const environment = { AWS_REGION: "eu-west-1", AWS_ENDPOINT_URL: "https://other.example.com" };

  test("is what was given, then the settings', then the environment's", () => {
    expect(resolveDestination({ bucket: "given" }, emptySettings, {})).toEqual({
      ...{ bucket: "given", region: "us-east-1", prefix: "photos" },
    });
    expect(resolveDestination({ bucket: "given" }, emptySettings, environment)).toEqual({
      ...{ bucket: "given", region: "eu-west-1", prefix: "photos", endpoint: "https://other.example.com" },
    });
    expect(resolveDestination({}, settings, environment)).toEqual(settings.destination);
    expect(resolveDestination({ prefix: "" }, settings, {})).toMatchObject({ prefix: "" });
    expect(resolveDestination({ endpoint: "" }, settings, environment)).not.toHaveProperty("endpoint");
  });

  test("has a prefix without slashes at its ends, in NFC", () => {
    const prefixOf = (prefix: string) => resolveDestination({ bucket: "given", prefix }, emptySettings, {}).prefix;
    expect(prefixOf("/backup/photos/")).toBe("backup/photos");
    expect(prefixOf("cafe\u0301")).toBe("caf\u00e9");
  });

  test.each(["a//b", ".", "a/../b", "x/.photolala", "p".repeat(201)])("has no prefix like %s", (prefix) => {
    expect(() => resolveDestination({ bucket: "given", prefix }, emptySettings, {})).toThrow(/cannot be a prefix/);
  });

  test.each(["", "ab", "a b c", "s3://bucket", "bucket/path", "-bucket"])("has no bucket like %j", (bucket) => {
    expect(() => resolveDestination({ bucket }, emptySettings, {})).toThrow();
  });
});

describe("pause, resume and consent", () => {
  test("are written to the settings, and said", async () => {
    const bench = await cliBench();
    expect((await bench.run("pause", "--json")).json()).toEqual({ paused: true });
    expect((await readSettings(bench.paths)).paused).toBe(true);
    expect((await bench.run("resume")).stdout).toBe("The background backup goes on.\n");
    expect((await readSettings(bench.paths)).paused).toBe(false);
    const consent = await bench.run("consent", "--bucket", "my-photos", "--region", "eu-west-1");
    expect(consent.stdout).toContain(
      "You agreed that your photos are uploaded to the bucket my-photos at AWS, eu-west-1, under photos.\n",
    );
    expect(await readSettings(bench.paths)).toMatchObject({ consent: { destination: { bucket: "my-photos" } } });
  });
});

describe("status", () => {
  test("says that nothing has run yet", async () => {
    const bench = await cliBench();
    expect(await bench.run("status")).toMatchObject({ exitCode: 0, stdout: "No backup has run yet.\n" });
    expect((await bench.run("status", "--json")).json()).toMatchObject({ running: false, status: null });
  });
});
