import { GetBucketLocationCommand, ListBucketsCommand, type S3Client } from "@aws-sdk/client-s3";
import { BackupError } from "../state/errors/backup-error.ts";
import { translateError } from "./translate-error.ts";

export interface BucketSummary {
  name: string;
  region?: string;
  /** ISO 8601. */
  createdAt?: string;
}

const bucketsAPage = 1000;

/** More than an account has: a list that goes on after them has no end. */
const pagesMost = 200;

/** One question a bucket, so only for as many as a person looks at. */
const locationsAskedMost = 50;

/**
 * All buckets the access key can list, page by page.
 * MaxBuckets makes AWS page and name each bucket's region; stores that ignore it answer with one page.
 */
export async function listBuckets(client: S3Client, signal?: AbortSignal): Promise<BucketSummary[]> {
  const buckets: BucketSummary[] = [];
  let continuationToken: string | undefined;
  let pages = 0;
  do {
    pages += 1;
    if (pages > pagesMost) throw endless();
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
    // A page that leads to itself, or on without a bucket, would be asked for for ever.
    const leadsNowhere = page.ContinuationToken === continuationToken || !page.Buckets?.length;
    if (page.ContinuationToken && leadsNowhere) throw endless();
    continuationToken = page.ContinuationToken;
  } while (continuationToken);
  for (const bucket of buckets.slice(0, locationsAskedMost))
    bucket.region ??= await regionOf(bucket.name, client, signal);
  return buckets;
}

function endless(): BackupError {
  return new BackupError("not-s3", { detail: "a list of buckets without its end" });
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
