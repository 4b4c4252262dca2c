import {
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type ListMultipartUploadsCommandOutput,
  type ListPartsCommandOutput,
} from "@aws-sdk/client-s3";
import type { OpenUpload, StoredPart } from "../backup/multipart/multipart-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { base64ToHex } from "./base64-to-hex.ts";
import { dateOfAnswer } from "./date-of-answer.ts";
import { refuseLongList } from "./refuse-long-list.ts";
import { abortWith, type S3Connection } from "./s3-connection.ts";

/** S3 takes no more parts than these; a page holds one at least. */
const partsMost = 10_000;

/** Of a thousand uploads each, all begun for one key or for what begins with it. */
const uploadPagesMost = 100;

/** What S3 gives at the most. */
const listedAPage = 1_000;

interface AskedParts {
  key: string;
  uploadId: string;
  signal: AbortSignal | undefined;
}

/** Every part of an upload, page by page; undefined when there is no such upload. @throws BackupError what the store said */
export async function listParts(connection: S3Connection, asked: AskedParts): Promise<StoredPart[] | undefined> {
  const { questions, destination } = connection;
  const { key, uploadId, signal } = asked;
  const parts: StoredPart[] = [];
  for (let marker: string | undefined = undefined, page: ListPartsCommandOutput; ; marker = page.NextPartNumberMarker) {
    const place = { Bucket: destination.bucket, Key: key, UploadId: uploadId };
    const question: ListPartsCommand = new ListPartsCommand({ ...place, PartNumberMarker: marker });
    refuseLongList(question, listedAPage);
    try {
      page = await connection.ask(() => questions.send(question, abortWith(signal)), signal);
    } catch (error) {
      if (nameOf(error) === "NoSuchUpload") return undefined;
      throw await connection.explain(error, "s3:ListMultipartUploadParts", signal);
    }
    for (const { PartNumber = -1, Size = -1, ETag, ChecksumSHA256 } of page.Parts ?? []) {
      if (!ETag) continue;
      const storeSha256 = base64ToHex(ChecksumSHA256);
      parts.push({ number: PartNumber, sizeBytes: Size, etag: ETag, ...(storeSha256 ? { storeSha256 } : {}) });
    }
    if (!page.IsTruncated) return parts;
    if (!page.NextPartNumberMarker || page.NextPartNumberMarker === marker) throw endless();
    // Ever new markers lead nowhere either.
    if (!page.Parts?.length || parts.length > partsMost) throw endless();
  }
}

interface AskedUploads {
  key: string;
  signal: AbortSignal | undefined;
}

/** Uploads begun for exactly this key: stores agree on a whole key as the prefix, and on little else. */
export async function listUploads(connection: S3Connection, { key, signal }: AskedUploads): Promise<OpenUpload[]> {
  const { questions, destination } = connection;
  const uploads: OpenUpload[] = [];
  let markers: { KeyMarker?: string; UploadIdMarker?: string } = {};
  for (let page: ListMultipartUploadsCommandOutput, pages = 1; ; pages += 1) {
    const question = new ListMultipartUploadsCommand({ Bucket: destination.bucket, Prefix: key, ...markers });
    const answeredAt = dateOfAnswer(question);
    refuseLongList(question, listedAPage);
    try {
      page = await connection.ask(() => questions.send(question, abortWith(signal)), signal);
    } catch (error) {
      throw await connection.explain(error, "s3:ListBucketMultipartUploads", signal);
    }
    for (const { Key, UploadId, Initiated } of page.Uploads ?? []) {
      if (Key !== key || !UploadId) continue;
      const ageMs = (answeredAt() ?? Number.NaN) - (Initiated?.getTime() ?? Number.NaN);
      uploads.push({ uploadId: UploadId, ...(Number.isNaN(ageMs) ? {} : { ageMs }) });
    }
    if (!page.IsTruncated) return uploads;
    const { NextKeyMarker, NextUploadIdMarker } = page;
    if (!NextKeyMarker || (NextKeyMarker === markers.KeyMarker && NextUploadIdMarker === markers.UploadIdMarker)) {
      throw endless();
    }
    if (pages >= uploadPagesMost) throw endless();
    markers = { KeyMarker: NextKeyMarker, ...(NextUploadIdMarker ? { UploadIdMarker: NextUploadIdMarker } : {}) };
  }
}

/** One photo's own trouble: everything else of this store may be as it should. */
function endless(): BackupError {
  return new BackupError("unknown", { detail: "a listing of parts without its end" });
}

/** The store's name of an error. */
export function nameOf(error: unknown): string {
  const { name, Code } = error as { name?: string; Code?: string };
  return Code ?? name ?? "";
}
