import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { installFakeMacos, type FakeMacos } from "../support/fake-macos/install-fake-macos.ts";
import { startDelayProxy } from "../support/loopback-s3/delay-proxy.ts";
import { startLoopbackS3 } from "../support/loopback-s3/start-loopback-s3.ts";
import { generatePhotoFolder } from "../support/photos/generate-photos.ts";
import { findRealServers } from "../support/servers/find-real-servers.ts";
import { startMinio } from "../support/servers/start-minio.ts";

export const bucket = "family-photos";
export const otherBucket = "work-documents";
export const photoCount = 24;
const helperBundle = fileURLToPath(new URL("../../assets/helper.mjs", import.meta.url));

/** A Mac that isn't one, a bucket and a folder of photos, all in one temporary folder. */
export interface World {
  workDir: string;
  mac: FakeMacos;
  photosDir: string;
  /** The photos' paths, relative to photosDir. */
  photos: string[];
  serverName: string;
  endpoint: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  /** Puts another secret into the keychain than the one that belongs to the key, by the helper's own command line. */
  spoilKeychain(): void;
  /** The SHA-256 of every object in the bucket by its key, of bytes read back. */
  objectHashes(): Promise<Map<string, string>>;
  /** Puts something into the bucket that is nobody's photo. */
  putStranger(key: string): Promise<void>;
  close(): Promise<void>;
}

/** MinIO where it is found, else the loopback S3, as far away as a slow line makes it: so that progress can be seen. */
export async function createWorld(): Promise<World> {
  // Short, as a socket's path may have 100 bytes at most.
  const workDir = realpathSync(mkdtempSync("/tmp/phl-"));
  const macDir = join(workDir, "mac");
  mkdirSync(macDir);
  const mac = installFakeMacos(macDir);
  const server = await startServer();
  const photosDir = join(mac.home, "Pictures", "Summer");
  const photos = await generatePhotoFolder(photosDir, {
    count: photoCount,
    approxBytes: 30_000,
    seed: 11,
    formats: ["jpeg", "jpeg", "heic", "png", "dng", "mov", "xmp", "webp"],
    photosPerFolder: 8,
  });
  const { credentials } = server;
  const line = await startDelayProxy({
    targetPort: Number(new URL(server.endpoint).port),
    delayMs: 30,
    bytesPerSecond: 120_000,
  });
  const s3 = new S3Client({ endpoint: server.endpoint, credentials, region: "us-east-1", forcePathStyle: true });
  for (const name of [bucket, otherBucket]) await s3.send(new CreateBucketCommand({ Bucket: name }));
  return {
    workDir,
    mac,
    photosDir,
    photos,
    serverName: server.name,
    endpoint: line.endpoint,
    credentials,
    spoilKeychain: () => {
      const { accessKeyId } = credentials;
      const input = JSON.stringify({ accessKeyId, secretAccessKey: "not-the-secret-of-this-key" });
      execFileSync(process.execPath, [helperBundle, "credentials", "set", "--json"], { env: mac.env, input });
    },
    objectHashes: () => hashObjects(s3),
    putStranger: async (Key) =>
      void (await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "not a photo" }))),
    close: async () => {
      s3.destroy();
      await mac.close();
      await line.close();
      await server.close();
      rmSync(workDir, { recursive: true, force: true });
    },
  };
}

export function sha256OfFile(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

interface Server {
  name: string;
  endpoint: string;
  credentials: World["credentials"];
  close(): Promise<void>;
}

async function startServer(): Promise<Server> {
  if (!findRealServers().found.has("minio")) {
    const loopback = await startLoopbackS3({
      accessKeyId: "AKIATERMCASTRUN00001",
      secretAccessKey: "a+Secret/of=40 chars",
    });
    return {
      name: "loopback S3",
      endpoint: loopback.endpoint,
      credentials: loopback.credentials,
      close: loopback.close,
    };
  }
  const minio = await startMinio();
  const { endpoint, accessKeyId, secretAccessKey, close } = minio;
  return { name: "MinIO", endpoint, credentials: { accessKeyId, secretAccessKey }, close };
}

async function hashObjects(s3: S3Client): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  for (const { Key } of Contents) {
    if (!Key) continue;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    hashes.set(
      Key,
      createHash("sha256")
        .update((await Body?.transformToByteArray()) ?? "")
        .digest("hex"),
    );
  }
  return hashes;
}
