import { GetBucketLocationCommand, ListBucketsCommand, type S3Client } from "@aws-sdk/client-s3";
import { BackupError } from "../state/errors/backup-error.ts";
import { isRegionName } from "./is-region-name.ts";
import { refuseLongList } from "./refuse-long-list.ts";
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
    refuseLongList(question, bucketsAPage);
    const page = await client.send(question, signal ? { abortSignal: signal } : undefined).catch((error: unknown) => {
      throw translateError(error);
    });
    // A web page's 200 reads as a list of nothing; a service names whose buckets they are, or that there are none.
    if (!page.Buckets && !page.Owner) throw new BackupError("not-s3", { detail: "its answer is no list of buckets" });
    for (const bucket of page.Buckets ?? []) {
      if (!isBucketName(bucket.Name)) continue;
      buckets.push({
        name: bucket.Name,
        ...(isRegionName(bucket.BucketRegion) ? { region: bucket.BucketRegion } : {}),
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

/** What else a service sends there could be anything, and is shown on a terminal. */
function isBucketName(name: string | undefined): name is string {
  return name !== undefined && /^[A-Za-z0-9._-]{1,255}$/.test(name);
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
    const region = LocationConstraint || "us-east-1";
    return isRegionName(region) ? region : undefined;
  } catch {
    return undefined;
  }
}
