import { randomBytes } from "node:crypto";
import { declaredBody } from "../check-body.ts";
import { checksumHeaders } from "../checksum-headers.ts";
import { objectHeaders } from "../object-headers.ts";
import { bucketOf, countParameter, keyOf, type Answer, type OperationContext } from "../operation-context.ts";
import { S3Error } from "../s3-error.ts";
import { refuse } from "../refuse.ts";
import { headerOf } from "../s3-request.ts";
import type { MultipartUpload } from "../stored-object.ts";
import { xmlDocument, type XmlNode } from "../xml.ts";

/** The upload a request names. @throws S3Error NoSuchUpload: unknown, aborted, or already completed */
export function uploadOf(context: OperationContext): MultipartUpload {
  const upload = bucketOf(context).uploads.get(context.request.query.get("uploadId") ?? "");
  if (upload && upload.key === keyOf(context)) return upload;
  throw new S3Error(
    404,
    "NoSuchUpload",
    "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
  );
}

export function createMultipartUpload(context: OperationContext): Answer {
  const bucket = bucketOf(context);
  const key = keyOf(context);
  const headers = objectHeaders(context.request, context.behavior);
  const checksumAlgorithm = announcedAlgorithm(context);
  const uploadId = randomBytes(24).toString("base64url");
  bucket.uploads.set(uploadId, {
    ...headers,
    uploadId,
    key,
    initiated: context.now(),
    checksumAlgorithm,
    parts: new Map(),
  });
  const answerHeaders: Record<string, string> = checksumAlgorithm
    ? { "x-amz-checksum-algorithm": checksumAlgorithm, "x-amz-checksum-type": "COMPOSITE" }
    : {};
  const children: XmlNode[] = [
    ["Bucket", bucket.name],
    ["Key", key],
    ["UploadId", uploadId],
  ];
  return { status: 200, headers: answerHeaders, body: xmlDocument("InitiateMultipartUploadResult", children) };
}

function announcedAlgorithm(context: OperationContext): MultipartUpload["checksumAlgorithm"] {
  if (context.behavior.checksums === "ignored") return undefined;
  const { headers } = context.request;
  const algorithm = headerOf(headers, "x-amz-checksum-algorithm");
  if (algorithm !== undefined && context.behavior.checksums === "refused") {
    throw new S3Error(
      400,
      "InvalidArgument",
      "Unsupported header 'x-amz-checksum-algorithm' received for this API call.",
    );
  }
  const type = headerOf(headers, "x-amz-checksum-type") ?? "COMPOSITE";
  const isKnown = algorithm === undefined || algorithm === "SHA256" || algorithm === "CRC32";
  if (isKnown && type === "COMPOSITE") return algorithm;
  throw new S3Error(501, "NotImplemented", "Only composite SHA256 and CRC32 checksums are implemented.");
}

export async function uploadPart(context: OperationContext): Promise<Answer> {
  const upload = uploadOf(context);
  const partNumber = Number(context.request.query.get("partNumber"));
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > context.behavior.maxParts) {
    const range = `between 1 and ${context.behavior.maxParts}, inclusive`;
    const error = new S3Error(400, "InvalidArgument", `Part number must be an integer ${range}`);
    if (partNumber === 0) refuse(context.behavior, "partNumberZero", error);
    throw error;
  }
  const { checksums } = declaredBody(context.request, context.behavior);
  const algorithm = upload.checksumAlgorithm?.toLowerCase() as keyof typeof checksums | undefined;
  if (algorithm && checksums[algorithm] === undefined) {
    const given = Object.keys(checksums)[0] ?? "null";
    const words = `Checksum Type mismatch occurred, expected checksum Type: ${algorithm}, actual checksum Type: ${given}`;
    refuse(context.behavior, "partWithoutChecksum", new S3Error(400, "InvalidRequest", words));
  }
  const received = await context.receive();
  if (!bucketOf(context).uploads.has(upload.uploadId)) {
    context.store.bodies.remove([received.segment]);
    throw new S3Error(404, "NoSuchUpload", "The upload was aborted or completed while this part was sent.");
  }
  const replaced = upload.parts.get(partNumber);
  const etag = `"${Buffer.from(received.md5, "base64").toString("hex")}"`;
  upload.parts.set(partNumber, {
    partNumber,
    segment: received.segment,
    etag,
    checksums,
    lastModified: context.now(),
  });
  if (replaced) context.store.bodies.remove([replaced.segment]);
  return { status: 200, headers: { etag, ...checksumHeaders(checksums) } };
}

export function abortMultipartUpload(context: OperationContext): Answer {
  const isKnown = bucketOf(context).uploads.has(context.request.query.get("uploadId") ?? "");
  if (!isKnown && context.behavior.answers.abortUnknown === "204") return { status: 204 };
  const upload = uploadOf(context);
  bucketOf(context).uploads.delete(upload.uploadId);
  context.store.bodies.remove([...upload.parts.values()].map((part) => part.segment));
  return { status: 204 };
}

/** ListParts, paged by max-parts and part-number-marker. */
export function listParts(context: OperationContext): Answer {
  const upload = uploadOf(context);
  const maxParts = countParameter(context, "max-parts", 1000);
  const marker = countParameter(context, "part-number-marker", 0x7fffffff);
  const after = context.request.query.get("part-number-marker") ? marker : 0;
  const rest = [...upload.parts.values()]
    .filter((part) => part.partNumber > after)
    .sort((a, b) => a.partNumber - b.partNumber);
  const page = rest.slice(0, maxParts);
  const children: XmlNode[] = [
    ["Bucket", bucketOf(context).name],
    ["Key", upload.key],
    ["UploadId", upload.uploadId],
    ["StorageClass", upload.storageClass],
    ["PartNumberMarker", after],
    ["NextPartNumberMarker", page.at(-1)?.partNumber ?? 0],
    ["MaxParts", maxParts],
    ["IsTruncated", rest.length > page.length],
    ["ChecksumAlgorithm", upload.checksumAlgorithm],
    ["ChecksumType", upload.checksumAlgorithm && "COMPOSITE"],
    ...page.map((part): XmlNode => [
      "Part",
      [
        ["PartNumber", part.partNumber],
        ["LastModified", part.lastModified.toISOString()],
        ["ETag", part.etag],
        ["Size", part.segment.sizeBytes],
        ["ChecksumSHA256", part.checksums.sha256],
        ["ChecksumCRC32", part.checksums.crc32],
      ],
    ]),
  ];
  return { status: 200, body: xmlDocument("ListPartsResult", children) };
}
