import { compareUtf8 } from "../compare-utf8.ts";
import { bucketOf, countParameter, type Answer, type OperationContext } from "../operation-context.ts";
import type { MultipartUpload } from "../stored-object.ts";
import { xmlDocument, type XmlNode } from "../xml.ts";
import { encodeForListing } from "./list-objects.ts";

/** ListMultipartUploads, ordered by key and start, paged by key-marker and upload-id-marker. */
export function listMultipartUploads(context: OperationContext): Answer {
  const { query } = context.request;
  const bucket = bucketOf(context);
  const prefix = query.get("prefix") ?? "";
  const maxUploads = countParameter(context, "max-uploads", 1000);
  const encoded = query.get("encoding-type") === "url" && context.behavior.encodingTypeUrl === "honored";
  const write = encoded ? encodeForListing : (text: string): string => text;
  const isWanted = (key: string) =>
    context.behavior.uploadsByPrefix === "any" ? key.startsWith(prefix) : prefix === "" || key === prefix;
  const ordered = [...bucket.uploads.values()].filter(({ key }) => isWanted(key)).sort(inListingOrder);
  const rest = ordered.slice(startOf(ordered, query.get("key-marker"), query.get("upload-id-marker")));
  const page = rest.slice(0, maxUploads);
  const isTruncated = rest.length > page.length;
  const last = page.at(-1);
  const children: XmlNode[] = [
    ["Bucket", bucket.name],
    ["KeyMarker", write(query.get("key-marker") ?? "")],
    ["UploadIdMarker", query.get("upload-id-marker") ?? ""],
    ["NextKeyMarker", isTruncated && last ? write(last.key) : undefined],
    ["NextUploadIdMarker", isTruncated ? last?.uploadId : undefined],
    ["Prefix", write(prefix)],
    ["EncodingType", encoded ? "url" : undefined],
    ["MaxUploads", maxUploads],
    ["IsTruncated", isTruncated],
    ...page.map((upload): XmlNode => [
      "Upload",
      [
        ["Key", write(upload.key)],
        ["UploadId", upload.uploadId],
        ["StorageClass", upload.storageClass],
        ["Initiated", upload.initiated.toISOString()],
        ["ChecksumAlgorithm", upload.checksumAlgorithm],
      ],
    ]),
  ];
  return { status: 200, body: xmlDocument("ListMultipartUploadsResult", children) };
}

function inListingOrder(a: MultipartUpload, b: MultipartUpload): number {
  return compareUtf8(a.key, b.key) || a.initiated.getTime() - b.initiated.getTime();
}

function startOf(ordered: MultipartUpload[], keyMarker: string | undefined, idMarker: string | undefined): number {
  if (!keyMarker) return 0;
  const marked = ordered.findIndex((upload) => upload.key === keyMarker && upload.uploadId === idMarker);
  if (marked >= 0) return marked + 1;
  const next = ordered.findIndex((upload) => compareUtf8(upload.key, keyMarker) > 0);
  return next < 0 ? ordered.length : next;
}
