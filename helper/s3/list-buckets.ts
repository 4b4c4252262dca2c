import { GetBucketLocationCommand, ListBucketsCommand, type S3Client } from "@aws-sdk/client-s3";
import { translateError } from "./translate-error.ts";

export interface BucketSummary {
  name: string;
  region?: string;
  /** ISO 8601. */
  createdAt?: string;
}

const bucketsAPage = 1000;

/** One question a bucket, so only for as many as a person looks at. */
const locationsAskedMost = 50;

/**
 * All buckets the access key can list, page by page.
 * MaxBuckets makes AWS page and name each bucket's region; stores that ignore it answer with one page.
 */
export async function listBuckets(client: S3Client, signal?: AbortSignal): Promise<BucketSummary[]> {
  const buckets: BucketSummary[] = [];
  let continuationToken: string | undefined;
  do {
    const question = new ListBucketsCommand({ MaxBuckets: bucketsAPage, ContinuationToken: continuationToken });
    const page = await client.send(question, signal ? { abortSignal: signal } : undefined).catch((error: unknown) => {
      throw translateError(error);
    });
    for (const bucket of page.Buckets ?? []) {
      if (!bucket.Name) continue;
      buckets.push({
        name: bucket.Name,
        ...(bucket.BucketRegion ? { region: bucket.BucketRegion } : {}),
        ...(bucket.CreationDate ? { createdAt: bucket.CreationDate.toISOString() } : {}),
      });
    }
    continuationToken = page.ContinuationToken;
  } while (continuationToken);
  for (const bucket of buckets.slice(0, locationsAskedMost))
    bucket.region ??= await regionOf(bucket.name, client, signal);
  return buckets;
}

/** Stores that name no region in the list are asked for it; one that will not say leaves it unknown. */
async function regionOf(name: string, client: S3Client, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const question = new GetBucketLocationCommand({ Bucket: name });
    const { LocationConstraint } = await client.send(question, signal ? { abortSignal: signal } : undefined);
    // The first region of all has no name here.
    return LocationConstraint || "us-east-1";
  } catch {
    return undefined;
  }
}
