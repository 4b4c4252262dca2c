import {
  AbortMultipartUploadCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { probeContent, probeContentSha256 } from "../probe/probe-conditional-writes.ts";
import type { ProbeReport } from "../probe/probe-report.ts";
import { hexToBase64 } from "./hex-to-base64.ts";
import { answerOf, tryRequest } from "./probe-outcome.ts";
import type { S3Connection } from "./s3-connection.ts";
import { md5Base64Of, sendMd5Instead } from "./send-md5-instead.ts";

/** Begins an upload in parts, sends one tiny part, looks at it, and aborts what it began. */
export async function probeMultipart(
  connection: S3Connection,
  key: string,
  options: { refusesSha256: boolean },
): Promise<ProbeReport["multipart"]> {
  const { questions, bodies, destination } = connection;
  const at = { Bucket: destination.bucket, Key: `${key}-multipart` };
  const begin = new CreateMultipartUploadCommand({
    ...at,
    ...(options.refusesSha256 ? {} : { ChecksumAlgorithm: "SHA256" }),
  });
  const list = new ListMultipartUploadsCommand({ Bucket: destination.bucket, MaxUploads: 1 });
  const listed = await tryRequest(() => connection.ask(() => questions.send(list), undefined));
  const begun = await tryRequest(() => connection.ask(() => questions.send(begin), undefined));
  const uploadId = answerOf(begun)?.UploadId;
  if (!uploadId) return { create: begun.outcome, listUploads: listed.outcome };
  const upload = { ...at, UploadId: uploadId };
  const put = new UploadPartCommand({
    ...{ ...upload, PartNumber: 1, Body: probeContent },
    ChecksumSHA256: hexToBase64(probeContentSha256),
  });
  if (options.refusesSha256) sendMd5Instead(put, await md5Base64Of(probeContent));
  const part = await tryRequest(() => connection.ask(() => bodies.send(put), undefined));
  const parts = await tryRequest(() => connection.ask(() => questions.send(new ListPartsCommand(upload)), undefined));
  const abort = await tryRequest(() =>
    connection.ask(() => questions.send(new AbortMultipartUploadCommand(upload)), undefined),
  );
  return {
    create: begun.outcome,
    part: part.outcome,
    partSha256: answerOf(parts)?.Parts?.[0]?.ChecksumSHA256 ? "yes" : "no",
    listParts: parts.outcome,
    listUploads: listed.outcome,
    abort: abort.outcome,
  };
}
