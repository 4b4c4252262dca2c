import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  S3Client,
} from "@aws-sdk/client-s3";
import { startLoopbackS3, type LoopbackS3 } from "../loopback-s3/start-loopback-s3.ts";
import { findRealServers } from "../servers/find-real-servers.ts";
import { startMinio } from "../servers/start-minio.ts";
import { startVersitygw } from "../servers/start-versitygw.ts";

interface Listed {
  sizeBytes: number;
  etag: string;
}

/** A running S3 server, looked at with an SDK client that knows nothing of the helper. */
export interface E2eServer {
  name: string;
  endpoint: string;
  port: number;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  createBucket(bucket: string): Promise<void>;
  /** Every object of a bucket by its key, but for what the helper keeps beside the photos in `.photolala`. */
  list(bucket: string): Promise<Map<string, Listed>>;
  get(bucket: string, key: string): Promise<Buffer>;
  /** Deletes an object behind the helper's back. */
  remove(bucket: string, key: string): Promise<void>;
  close(): Promise<void>;
}

export interface E2eServerPlan {
  name: "loopback" | "minio" | "versitygw";
  start(): Promise<E2eServer>;
}

const loopbackPlan: E2eServerPlan = { name: "loopback", start: async () => (await startLoopback()).server };

/** The loopback, and of these real servers the ones that are found. A required one that is missing fails at `start`. */
export function e2eServers(...real: ("minio" | "versitygw")[]): E2eServerPlan[] {
  const { found, requiredButMissing } = findRealServers();
  const starters = { minio: startMinio, versitygw: startVersitygw };
  const wanted = real.filter((name) => found.has(name) || requiredButMissing.includes(name));
  const plans = wanted.map((name) => ({ name, start: async () => asServer(await starters[name]()) }));
  return [loopbackPlan, ...plans];
}

/** The loopback with its faults and its log at hand. */
export async function startLoopback(
  options: { port?: number; dir?: string } = {},
): Promise<{ server: E2eServer; loopback: LoopbackS3 }> {
  const credentials = { accessKeyId: "loopback-key", secretAccessKey: "loopback-secret-of-forty-characters-1234" };
  const loopback = await startLoopbackS3({ ...credentials, ...options });
  const { endpoint, region } = loopback;
  const { close } = loopback;
  return {
    loopback,
    server: asServer({ name: "loopback", endpoint, port: loopback.port, region, ...credentials, close }),
  };
}

type Reachable = Omit<E2eServer, "list" | "get" | "remove" | "createBucket">;

function asServer(running: Reachable): E2eServer {
  const { name, endpoint, port, region, accessKeyId, secretAccessKey } = running;
  const client = new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey },
    forcePathStyle: true,
  });
  return {
    ...{ name, endpoint, port, region, accessKeyId, secretAccessKey },
    createBucket: async (bucket) => void (await client.send(new CreateBucketCommand({ Bucket: bucket }))),
    list: (bucket) => list(client, bucket),
    get: async (bucket, key) => {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
    },
    remove: async (bucket, key) => void (await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))),
    close: async () => {
      client.destroy();
      await running.close();
    },
  };
}

async function list(client: S3Client, bucket: string): Promise<Map<string, Listed>> {
  const listed = new Map<string, Listed>();
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, ContinuationToken: token, EncodingType: "url" }),
    );
    for (const { Key = "", Size = -1, ETag = "" } of page.Contents ?? []) {
      // versitygw ignores the wish for URL encoding.
      const key = page.EncodingType === "url" ? decodeKey(Key) : Key;
      if (key.split("/").includes(".photolala")) continue;
      listed.set(key, { sizeBytes: Size, etag: ETag.replaceAll('"', "") });
    }
    token = page.NextContinuationToken;
  } while (token);
  return listed;
}

/** Listings are asked for in URL encoding, since XML cannot hold every key; a plus sign stands for a space in them. */
function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll("+", " "));
}
