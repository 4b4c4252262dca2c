import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { describe, expect, onTestFinished, test } from "vitest";
import { e2eServers, type E2eServer } from "../support/helper-process/e2e-server.ts";
import { HelperWorld } from "../support/helper-process/helper-world.ts";
import { seededBytes } from "../support/photos/seeded-random.ts";
import { findRealServers } from "../support/servers/find-real-servers.ts";

const bucket = "restored";

async function metadataOf(server: E2eServer, key: string): Promise<Record<string, string>> {
  const { endpoint, region, accessKeyId, secretAccessKey } = server;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
  client.destroy();
  return head.Metadata ?? {};
}

/** @returns what rclone said; it has no configuration and gets the key through the environment */
async function rcloneCopy(rclone: string, server: E2eServer, into: string): Promise<string> {
  const env = {
    RCLONE_CONFIG_STORE_TYPE: "s3",
    RCLONE_CONFIG_STORE_PROVIDER: "Minio",
    RCLONE_CONFIG_STORE_ENDPOINT: server.endpoint,
    RCLONE_CONFIG_STORE_REGION: server.region,
    RCLONE_CONFIG_STORE_ACCESS_KEY_ID: server.accessKeyId,
    RCLONE_CONFIG_STORE_SECRET_ACCESS_KEY: server.secretAccessKey,
  };
  const args = ["copy", "--config", "", "--exclude", ".photolala/**", `store:${bucket}/photos`, into];
  const { stdout, stderr } = await promisify(execFile)(rclone, args, { env });
  return stdout + stderr;
}

describe.each(e2eServers("minio"))("at $name", ({ start }) => {
  test("invariant 11: rclone brings every photo back with its time, and has nothing to complain of", async () => {
    const server = await start();
    onTestFinished(() => server.close());
    await server.createBucket(bucket);
    const world = await HelperWorld.create({ server, bucket });
    const times = { "a.jpg": 1_556_845_323.456, "b.jpg": 1_000_000_000, "old.png": -86_400.5, "large.bin.raw": 1.5 };
    mkdirSync(join(world.photosDir, "Roll"));
    for (const [index, [name, seconds]] of Object.entries(times).entries()) {
      const path = join(world.photosDir, "Roll", name);
      // The large one goes in parts, where metadata is given at their beginning.
      writeFileSync(path, seededBytes(index, name.startsWith("large") ? 65 * 1024 * 1024 : 5_000));
      utimesSync(path, seconds, seconds);
    }
    expect(await world.backUp()).toMatchObject({ code: 0 });
    expect(await metadataOf(server, "photos/Pictures/Roll/a.jpg")).toMatchObject({ mtime: "1556845323.456" });
    expect(await metadataOf(server, "photos/Pictures/Roll/large.bin.raw")).toMatchObject({ mtime: "1.5" });

    const rclone = findRealServers().found.get("rclone");
    if (!rclone) return;
    const into = join(world.dir, "back");
    expect(await rcloneCopy(rclone, server, into)).toBe("");
    for (const name of Object.keys(times)) {
      const [file, original] = [join(into, "Pictures/Roll", name), join(world.photosDir, "Roll", name)];
      expect(readFileSync(file).equals(readFileSync(original)), name).toBe(true);
      expect(statSync(file).mtimeMs, name).toBeCloseTo(statSync(original).mtimeMs, 2);
    }
  });
});
