import type { ObjectStore } from "../backup/object-store.ts";
import type { ProbeReport } from "../probe/probe-report.ts";
import { loadCredentials, type LoadedCredentials } from "../secrets/load-credentials.ts";
import type { Destination } from "../state/files/destination.ts";
import { createClient, type ClientOptions } from "./create-client.ts";
import { listBuckets, type BucketSummary } from "./list-buckets.ts";
import { probeBucket } from "./probe-bucket.ts";
import { S3ObjectStore } from "./s3-object-store.ts";

/** Loads the access key at once, so that a missing one is known before anything else. @throws BackupError without one */
export async function openObjectStore(
  destination: Destination,
  options: Omit<ConstructorParameters<typeof S3ObjectStore>[0], "destination" | "credentials">,
): Promise<ObjectStore> {
  return new S3ObjectStore({ destination, credentials: await credentialsProvider(), ...options });
}

/** The buckets the access key can see. @throws BackupError what keeps it from seeing them */
export async function listBucketsAt(place: {
  region: string;
  endpoint?: string;
  allowInsecureHttp: boolean;
}): Promise<BucketSummary[]> {
  const client = createClient({ ...place, credentials: await credentialsProvider(), maxSockets: 1 });
  try {
    return await listBuckets(client);
  } finally {
    client.destroy();
  }
}

/** What a bucket can do; see `probeBucket`. */
export async function probeBucketAt(
  destination: Destination,
  options: { allowInsecureHttp: boolean; now: () => number; signal?: AbortSignal },
): Promise<ProbeReport> {
  return probeBucket({ destination, credentials: await credentialsProvider(), ...options });
}

/** The first key is the one just read; when it ends by itself, the SDK asks again and it is read anew. */
async function credentialsProvider(): Promise<ClientOptions["credentials"]> {
  let loaded: LoadedCredentials | undefined = await loadCredentials();
  return async () => {
    const { credentials, expiresAt } = loaded ?? (await loadCredentials());
    loaded = undefined;
    return { ...credentials, ...(expiresAt ? { expiration: expiresAt } : {}) };
  };
}
