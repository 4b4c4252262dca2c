import type { ObjectStore } from "../backup/object-store.ts";
import { loadCredentials } from "../secrets/load-credentials.ts";
import type { Destination } from "../state/files/destination.ts";
import { createClient } from "./create-client.ts";
import { listBuckets, type BucketSummary } from "./list-buckets.ts";
import { S3ObjectStore } from "./s3-object-store.ts";

/** Loads the access key once and opens the bucket. @throws BackupError without one */
export async function openObjectStore(
  destination: Destination,
  options: { allowInsecureHttp: boolean },
): Promise<ObjectStore> {
  const { credentials } = await loadCredentials();
  return new S3ObjectStore({ destination, credentials: async () => credentials, ...options });
}

/** The buckets the access key can see. @throws BackupError what keeps it from seeing them */
export async function listBucketsAt(place: {
  region: string;
  endpoint?: string;
  allowInsecureHttp: boolean;
}): Promise<BucketSummary[]> {
  const { credentials } = await loadCredentials();
  const client = createClient({ ...place, credentials: async () => credentials, maxSockets: 1 });
  try {
    return await listBuckets(client);
  } finally {
    client.destroy();
  }
}
