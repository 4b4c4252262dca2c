import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { probeContent, probeContentSha256 } from "../probe/probe-conditional-writes.ts";
import type { ProbeReport } from "../probe/probe-report.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { hexToBase64 } from "./hex-to-base64.ts";
import { answerOf, tryRequest } from "./probe-outcome.ts";
import { refuseLongList } from "./refuse-long-list.ts";
import type { S3Connection } from "./s3-connection.ts";
import { md5Base64Of, sendMd5Instead } from "./send-md5-instead.ts";

/** What was begun is taken back also when the person wants to stop. */
const inAnyCase = new AbortController().signal;

/** More than any probe left: kills and outages, one upload each. */
const leftoversMost = 10;

/**
 * Begins an upload in parts, sends one tiny part, looks at it, and aborts what it began; and what an earlier probe could not
 * abort, since nobody else has reason to begin an upload of this key.
 * @throws BackupError as `tryRequest` does; its detail tells of an upload that stays open
 */
export async function probeMultipart(
  connection: S3Connection,
  key: string,
  options: { refusesSha256: boolean },
): Promise<ProbeReport["multipart"]> {
  const { questions, destination } = connection;
  const at = { Bucket: destination.bucket, Key: `${key}-multipart` };
  const begin = new CreateMultipartUploadCommand({
    ...at,
    ...(options.refusesSha256 ? {} : { ChecksumAlgorithm: "SHA256" }),
  });
  const list = new ListMultipartUploadsCommand({ Bucket: at.Bucket, Prefix: at.Key, MaxUploads: leftoversMost });
  refuseLongList(list, leftoversMost);
  const listed = await tryRequest(() => connection.ask(() => questions.send(list), undefined));
  for (const { Key, UploadId } of answerOf(listed)?.Uploads ?? []) {
    if (Key === at.Key && UploadId) await abortUpload(connection, { ...at, UploadId });
  }
  const begun = await tryRequest(() => connection.ask(() => questions.send(begin), undefined));
  const answered = answerOf(begun);
  if (!answered) return { create: begun.outcome, listUploads: listed.outcome };
  if (!answered.UploadId) throw new BackupError("not-s3", { detail: "it began an upload without an id" });
  const upload = { ...at, UploadId: answered.UploadId };
  try {
    const tried = await trySendingParts(connection, upload, options);
    const abort = await abortUpload(connection, upload);
    return { create: begun.outcome, ...tried, listUploads: listed.outcome, abort: abort.outcome };
  } catch (error) {
    throw await afterGivingUp(connection, upload, error);
  }
}

interface Upload {
  Bucket: string;
  Key: string;
  UploadId: string;
}

async function trySendingParts(
  connection: S3Connection,
  upload: Upload,
  { refusesSha256 }: { refusesSha256: boolean },
) {
  const { questions, bodies } = connection;
  const put = new UploadPartCommand({
    ...{ ...upload, PartNumber: 1, Body: probeContent },
    ChecksumSHA256: hexToBase64(probeContentSha256),
  });
  if (refusesSha256) sendMd5Instead(put, await md5Base64Of(probeContent));
  const part = await tryRequest(() => connection.ask(() => bodies.send(put), undefined));
  const list = new ListPartsCommand({ ...upload, MaxParts: 1 });
  refuseLongList(list, 1);
  const parts = await tryRequest(() => connection.ask(() => questions.send(list), undefined));
  const partSha256 = answerOf(parts)?.Parts?.[0]?.ChecksumSHA256 ? "yes" : "no";
  return { part: part.outcome, partSha256, listParts: parts.outcome } as const;
}

function abortUpload(connection: S3Connection, upload: Upload) {
  const { questions } = connection;
  const abort = new AbortMultipartUploadCommand(upload);
  return tryRequest(() => connection.ask(() => questions.send(abort), inAnyCase));
}

/** What was begun is taken back, unless the service asked to be left alone. @returns the error, with what stays */
async function afterGivingUp(connection: S3Connection, upload: Upload, error: unknown): Promise<unknown> {
  if (!(error instanceof BackupError)) {
    await abortUpload(connection, upload).catch(() => undefined);
    return error;
  }
  const why = error;
  const aborted =
    why.retryAfterMs === undefined ? await abortUpload(connection, upload).catch(() => undefined) : undefined;
  if (aborted?.outcome === "allowed") return why;
  const left = `an upload of ${probeContent.length} bytes stays open at ${upload.Key}, and the next probe aborts it`;
  const { retryAfterMs, detail } = why;
  return new BackupError(why.code, { retryAfterMs, detail: [detail, left].filter(Boolean).join("; "), cause: error });
}
