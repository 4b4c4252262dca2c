import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { checkCondition } from "../check-condition.ts";
import { bucketOf, type Answer, type OperationContext } from "../operation-context.ts";
import type { StoreBehavior } from "../loopback-options.ts";
import { refuse } from "../refuse.ts";
import { S3Error } from "../s3-error.ts";
import { headerOf } from "../s3-request.ts";
import type { Checksums, MultipartUpload, StoredPart } from "../stored-object.ts";
import { xmlDocument, xmlElements, xmlText } from "../xml.ts";
import { uploadOf } from "./multipart-upload.ts";

interface NamedPart {
  partNumber: number;
  etag: string;
  checksums: Checksums;
}

/** CompleteMultipartUpload: the named parts, checked one by one, become the object in one step. */
export async function completeMultipartUpload(context: OperationContext): Promise<Answer> {
  const named = parseParts(await context.receiveText(), context.behavior);
  const done = completedBefore(context);
  if (done) return done;
  const upload = uploadOf(context);
  const parts = named.map((part) => checkedPart(upload, part, context.behavior));
  checkEqualParts(parts, context.behavior);
  parts.slice(0, -1).forEach((part) => {
    if (part.segment.sizeBytes >= context.behavior.minPartBytes) return;
    throw new S3Error(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
  });
  const checksums = compositeChecksums(upload, parts);
  checkDeclaredChecksum(context, checksums);
  checkCondition(context);
  const etag = context.behavior.multipartEtag === "opaque" ? `"${upload.uploadId}"` : compositeEtag(parts);
  store(context, upload, parts, etag, checksums);
  const children: [string, string | undefined][] = [
    ["Location", `/${bucketOf(context).name}/${upload.key}`],
    ["Bucket", bucketOf(context).name],
    ["Key", upload.key],
    ["ETag", etag],
    ["ChecksumSHA256", checksums.sha256],
    ["ChecksumCRC32", checksums.crc32],
    ["ChecksumType", upload.checksumAlgorithm && "COMPOSITE"],
  ];
  const answer = { status: 200, body: xmlDocument("CompleteMultipartUploadResult", children) };
  bucketOf(context).completed.set(upload.uploadId, answer);
  return answer;
}

/** What stores say to a completion that is repeated: AWS no longer knows the upload, versitygw says yes once more. */
function completedBefore(context: OperationContext): Answer | undefined {
  const { answers } = context.behavior;
  const done = bucketOf(context).completed.get(context.request.query.get("uploadId") ?? "");
  if (!done) return undefined;
  const isConditional = context.request.headers["if-none-match"] !== undefined;
  if (isConditional && answers.completeAgainConditionally?.startsWith("412")) checkCondition(context);
  return answers.completeAgain === "200" ? done : undefined;
}

/** Cloudflare's R2. */
function checkEqualParts(parts: StoredPart[], { equalParts }: StoreBehavior): void {
  const sizes = new Set(parts.slice(0, -1).map(({ segment }) => segment.sizeBytes));
  const lastBytes = parts.at(-1)?.segment.sizeBytes ?? 0;
  if (!equalParts || (sizes.size <= 1 && [...sizes].every((sizeBytes) => lastBytes <= sizeBytes))) return;
  throw new S3Error(400, "InvalidPart", "All non-trailing parts must have the same length.");
}

function parseParts(xml: string, behavior: StoreBehavior): NamedPart[] {
  const parts = xmlElements(xml, "Part").map((part) => {
    const sha256 = xmlText(part, "ChecksumSHA256");
    const crc = xmlText(part, "ChecksumCRC32");
    return {
      partNumber: Number(xmlText(part, "PartNumber")),
      etag: (xmlText(part, "ETag") ?? "").replaceAll('"', ""),
      checksums: { ...(sha256 !== undefined && { sha256 }), ...(crc !== undefined && { crc32: crc }) },
    };
  });
  if (parts.length === 0) {
    const words = "The XML you provided was not well-formed or did not validate against our published schema";
    refuse(behavior, "completeWithoutParts", new S3Error(400, "MalformedXML", words));
  }
  parts.forEach((part, index) => {
    if (index === 0 || part.partNumber > (parts[index - 1]?.partNumber ?? 0)) return;
    const words = "The list of parts was not in ascending order.";
    refuse(behavior, "completeInWrongOrder", new S3Error(400, "InvalidPartOrder", words));
  });
  return parts;
}

function checkedPart(upload: MultipartUpload, named: NamedPart, behavior: StoreBehavior): StoredPart {
  const part = upload.parts.get(named.partNumber);
  const algorithm = upload.checksumAlgorithm?.toLowerCase() as keyof Checksums | undefined;
  if (algorithm && named.checksums[algorithm] === undefined) {
    const words = `The upload was created using a ${algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${named.partNumber} in the request.`;
    refuse(behavior, "completeWithoutChecksums", new S3Error(400, "InvalidRequest", words));
  }
  const checksumsAgree = (["sha256", "crc32"] as const).every(
    (name) =>
      behavior.checksums !== "kept" ||
      named.checksums[name] === undefined ||
      named.checksums[name] === part?.checksums[name],
  );
  if (part && part.etag === `"${named.etag}"` && checksumsAgree) return part;
  const words = "One or more of the specified parts could not be found, or its entity tag is another.";
  const error = new S3Error(400, "InvalidPart", words);
  if (!part) refuse(behavior, "completeWithMissingPart", error);
  throw error;
}

function compositeChecksums(upload: MultipartUpload, parts: StoredPart[]): Checksums {
  if (!upload.checksumAlgorithm) return {};
  const algorithm = upload.checksumAlgorithm === "SHA256" ? "sha256" : "crc32";
  const joined = Buffer.concat(parts.map((part) => Buffer.from(part.checksums[algorithm] ?? "", "base64")));
  return { [algorithm]: `${digest(algorithm, joined)}-${parts.length}` };
}

function digest(algorithm: "sha256" | "crc32", bytes: Buffer): string {
  if (algorithm === "sha256") return createHash("sha256").update(bytes).digest("base64");
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum.toString("base64");
}

function checkDeclaredChecksum(context: OperationContext, checksums: Checksums): void {
  for (const name of ["sha256", "crc32"] as const) {
    const declared = headerOf(context.request.headers, `x-amz-checksum-${name}`);
    if (declared === undefined || checksums[name] === undefined) continue;
    // S3 takes the composite with or without its number of parts.
    if (declared === checksums[name] || checksums[name]?.startsWith(`${declared}-`)) continue;
    refuse(
      context.behavior,
      "wrongChecksum",
      new S3Error(400, "BadDigest", `The ${name} you specified did not match what we received.`),
    );
  }
}

function compositeEtag(parts: StoredPart[]): string {
  const md5s = Buffer.concat(parts.map((part) => Buffer.from(part.etag.slice(1, -1), "hex")));
  return `"${createHash("md5").update(md5s).digest("hex")}-${parts.length}"`;
}

function store(
  context: OperationContext,
  upload: MultipartUpload,
  parts: StoredPart[],
  etag: string,
  checksums: Checksums,
): void {
  const segments = parts.map((part) => part.segment);
  const { contentType, storageClass, metadata, otherHeaders, key } = upload;
  context.store.putObject(bucketOf(context), {
    contentType,
    storageClass,
    metadata,
    otherHeaders,
    key,
    sizeBytes: segments.reduce((sum, segment) => sum + segment.sizeBytes, 0),
    etag,
    sha256: undefined,
    checksums,
    checksumType: "COMPOSITE",
    lastModified: context.now(),
    segments,
  });
  bucketOf(context).uploads.delete(upload.uploadId);
  const left = [...upload.parts.values()].filter((part) => !parts.includes(part));
  context.store.bodies.remove(left.map((part) => part.segment));
}
