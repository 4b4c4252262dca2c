import { S3Error } from "../s3-error.ts";
import { bucketOf, countParameter, type Answer, type OperationContext } from "../operation-context.ts";
import { xmlDocument, xmlText, type XmlNode } from "../xml.ts";

/** ListBuckets, paged by max-buckets and continuation-token. */
export function listBuckets(context: OperationContext): Answer {
  const { query } = context.request;
  const prefix = query.get("prefix") ?? "";
  const region = query.get("bucket-region");
  const after = query.get("continuation-token");
  const max = countParameter(context, "max-buckets", 10_000);
  const all = context.store
    .buckets()
    .filter((bucket) => bucket.name.startsWith(prefix) && (region === undefined || bucket.region === region))
    .filter((bucket) => after === undefined || bucket.name > Buffer.from(after, "base64").toString());
  const page = context.behavior.pagedListBuckets ? all.slice(0, max) : all;
  const isPaged = query.has("max-buckets") || query.has("prefix") || region !== undefined || after !== undefined;
  const withRegion = isPaged && context.behavior.bucketRegionInListBuckets === "when-paged";
  const next = all.length > page.length ? Buffer.from(page.at(-1)?.name ?? "").toString("base64") : undefined;
  const children: XmlNode[] = [
    ["Owner", [["ID", context.accessKey.accessKeyId]]],
    [
      "Buckets",
      page.map((bucket) => [
        "Bucket",
        [
          ["Name", bucket.name],
          ["CreationDate", bucket.createdAt.toISOString()],
          ["BucketRegion", withRegion ? bucket.region : undefined],
        ],
      ]),
    ],
    ["ContinuationToken", next],
  ];
  return { status: 200, body: xmlDocument("ListAllMyBucketsResult", children) };
}

export function headBucket(context: OperationContext): Answer {
  const { region } = bucketOf(context);
  return { status: 200, headers: context.behavior.bucketRegionInHeadBucket ? { "x-amz-bucket-region": region } : {} };
}

/** CreateBucket; a LocationConstraint puts it in another region. */
export async function createBucket(context: OperationContext): Promise<Answer> {
  const name = context.request.bucket ?? "";
  const region = xmlText(await context.receiveText(), "LocationConstraint") ?? context.region;
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) {
    throw new S3Error(400, "InvalidBucketName", "The specified bucket is not valid.");
  }
  if (context.store.findBucket(name)) {
    throw new S3Error(
      409,
      "BucketAlreadyOwnedByYou",
      "Your previous request to create the named bucket succeeded and you already own it.",
    );
  }
  context.store.createBucket(name, region, context.now());
  return { status: 200, headers: { location: `/${name}` } };
}

/** GetBucketLocation: us-east-1 is an empty element, as S3 has it. */
export function getBucketLocation(context: OperationContext): Answer {
  const { region } = bucketOf(context);
  const document = xmlDocument("LocationConstraint", []);
  if (region === "us-east-1") return { status: 200, body: document };
  return { status: 200, body: document.replace("></LocationConstraint>", `>${region}</LocationConstraint>`) };
}
