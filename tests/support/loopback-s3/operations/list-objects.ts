import type { Bucket } from "../bucket.ts";
import { compareUtf8 } from "../compare-utf8.ts";
import { S3Error } from "../s3-error.ts";
import { bucketOf, countParameter, type Answer, type OperationContext } from "../operation-context.ts";
import type { StoreBehavior } from "../loopback-options.ts";
import type { StoredObject } from "../stored-object.ts";
import { xmlDocument, type XmlNode } from "../xml.ts";

/** Encodes as EncodingType=url does: slashes stay, a space becomes "+". */
export function encodeForListing(text: string): string {
  return encodeURIComponent(text)
    .replaceAll("%2F", "/")
    .replaceAll("%20", "+")
    .replace(/[!'()]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

interface Page {
  objects: StoredObject[];
  commonPrefixes: string[];
  /** The key or common prefix at which the next page goes on; undefined on the last one. */
  next: string | undefined;
}

/** ListObjectsV2 with prefix, delimiter, start-after, max-keys, continuation-token and encoding-type. */
export function listObjectsV2(context: OperationContext): Answer {
  const { query } = context.request;
  if (query.get("list-type") !== "2") throw new S3Error(501, "NotImplemented", "Only list-type=2 is implemented.");
  const token = query.get("continuation-token");
  const maxKeys = countParameter(context, "max-keys", 1000);
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter");
  const after = token === undefined ? (query.get("start-after") ?? "") : Buffer.from(token, "base64url").toString();
  const encoded = query.get("encoding-type") === "url" && context.behavior.encodingTypeUrl === "honored";
  const replacesControls = context.behavior.controlCharactersInListings === "replaced";
  const plain = (text: string) => (replacesControls ? text.replaceAll("\u0001", "\ufffd") : text);
  const write = encoded ? encodeForListing : plain;
  const bucket = bucketOf(context);
  const page = collectPage(listedKeys(bucket, context.behavior), bucket, { prefix, delimiter, after, maxKeys });
  const children: XmlNode[] = [
    ["Name", bucket.name],
    ["Prefix", write(prefix)],
    ["StartAfter", query.has("start-after") ? write(query.get("start-after") ?? "") : undefined],
    ["KeyCount", page.objects.length + page.commonPrefixes.length],
    ["MaxKeys", maxKeys],
    ["Delimiter", delimiter === undefined ? undefined : write(delimiter)],
    ["EncodingType", encoded ? "url" : undefined],
    ["IsTruncated", page.next !== undefined],
    ["ContinuationToken", token],
    ["NextContinuationToken", page.next === undefined ? undefined : Buffer.from(page.next).toString("base64url")],
    ...page.objects.map((object): XmlNode => ["Contents", contentsOf(object, write)]),
    ...page.commonPrefixes.map((common): XmlNode => ["CommonPrefixes", [["Prefix", write(common)]]]),
  ];
  return { status: 200, body: xmlDocument("ListBucketResult", children) };
}

function contentsOf(object: StoredObject, write: (text: string) => string): XmlNode[] {
  return [
    ["Key", write(object.key)],
    ["LastModified", object.lastModified.toISOString()],
    ["ETag", object.etag],
    ["ChecksumAlgorithm", Object.keys(object.checksums)[0]?.toUpperCase()],
    ["ChecksumType", Object.keys(object.checksums).length > 0 ? object.checksumType : undefined],
    ["Size", object.sizeBytes],
    ["StorageClass", object.storageClass],
  ];
}

interface Listing {
  prefix: string;
  delimiter: string | undefined;
  after: string;
  maxKeys: number;
}

/** MinIO keeps objects under another object's key, and lists none of them. */
function listedKeys(bucket: Bucket, behavior: StoreBehavior): readonly string[] {
  const keys = bucket.sortedKeys();
  if (behavior.listsKeysUnderObjects) return keys;
  const isHidden = (key: string) =>
    key.split("/").some((_, at, all) => at > 0 && bucket.get(all.slice(0, at).join("/")));
  return keys.filter((key) => !isHidden(key));
}

function collectPage(keys: readonly string[], bucket: Bucket, { prefix, delimiter, after, maxKeys }: Listing): Page {
  const page: Page = { objects: [], commonPrefixes: [], next: undefined };
  if (maxKeys === 0) return page;
  const from = after > "" && compareUtf8(after, prefix) >= 0 ? firstAfter(keys, after) : firstFrom(keys, prefix);
  let last: string | undefined;
  for (let i = from; i < keys.length; i++) {
    const key = keys[i] ?? "";
    if (!key.startsWith(prefix)) break;
    const end = delimiter ? key.indexOf(delimiter, prefix.length) : -1;
    const common = end < 0 || !delimiter ? undefined : key.slice(0, end + delimiter.length);
    if (common !== undefined && (common === page.commonPrefixes.at(-1) || common === after)) continue;
    if (page.objects.length + page.commonPrefixes.length === maxKeys) return { ...page, next: last };
    const object = bucket.get(key);
    if (common !== undefined) page.commonPrefixes.push(common);
    else if (object) page.objects.push(object);
    last = common ?? key;
  }
  return page;
}

/** Index of the first key that isn't before `wanted`. */
function firstFrom(keys: readonly string[], wanted: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareUtf8(keys[middle] ?? "", wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function firstAfter(keys: readonly string[], wanted: string): number {
  const index = firstFrom(keys, wanted);
  return keys[index] === wanted ? index + 1 : index;
}
