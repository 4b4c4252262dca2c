import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import type { ObjectHead } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";

/** What HEAD and GET answer alike. */
type HeadAnswer = Pick<
  HeadObjectCommandOutput,
  | "$metadata"
  | "ETag"
  | "ContentType"
  | "ContentLength"
  | "Metadata"
  | "ChecksumSHA256"
  | "ChecksumType"
  | "SSECustomerAlgorithm"
  | "ServerSideEncryption"
>;

/** A HEAD's answer as the engine wants it. @throws BackupError `not-s3` when it is no object's */
export function objectHeadOf(answer: HeadAnswer): ObjectHead {
  // Every object has an ETag. What has none is a page that says 200 to everything, and no object that has our key.
  if (!answer.ETag) throw new BackupError("not-s3", { detail: "an object without an ETag" });
  if (isPage(answer)) throw new BackupError("not-s3", { detail: "a web page in place of an object" });
  const storeSha256 = wholeSha256(answer);
  return {
    sizeBytes: answer.ContentLength ?? -1,
    etag: answer.ETag.replaceAll('"', ""),
    ...(storeSha256 ? { storeSha256 } : {}),
    ...(answer.Metadata?.sha256 ? { sha256: answer.Metadata.sha256 } : {}),
    etagIsOpaque: Boolean(answer.SSECustomerAlgorithm) || answer.ServerSideEncryption?.startsWith("aws:kms") === true,
  };
}

/** A web server gives its pages ETags too; but no service's number of the request, and no metadata of ours. */
function isPage({ $metadata, ContentType = "", Metadata = {} }: HeadAnswer): boolean {
  if (!/^\s*(text\/html|application\/xhtml)/i.test(ContentType)) return false;
  return !$metadata.requestId && !$metadata.extendedRequestId && Object.keys(Metadata).length === 0;
}

/** Of an object uploaded in parts it may be the hash of the parts' hashes, which says nothing of ours. */
function wholeSha256({ ChecksumSHA256, ChecksumType }: HeadAnswer): string | undefined {
  if (!ChecksumSHA256 || ChecksumType === "COMPOSITE" || !/^[A-Za-z0-9+/]{43}=$/.test(ChecksumSHA256)) return undefined;
  return Buffer.from(ChecksumSHA256, "base64").toString("hex");
}
