import { PutObjectCommand } from "@aws-sdk/client-s3";
import { otherContentSha256Base64, probeContent } from "../probe/probe-conditional-writes.ts";
import { statusOf } from "./known-answer.ts";
import { nameOf } from "./list-multipart.ts";
import type { S3Connection } from "./s3-connection.ts";
import { boundByChecksum } from "./send-known-payload-hash.ts";
import { translateError } from "./translate-error.ts";

/**
 * Whether a body whose hash is signed nowhere but in `x-amz-checksum-sha256` is bound by that: sends the probe's bytes with
 * the checksum of others, never over another object, and only a refusal for the checksum's sake is a yes.
 * @returns undefined when there was no answer to the question
 */
export async function probeBinding(
  connection: S3Connection,
  key: string,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const { bucket } = connection.destination;
  const command = new PutObjectCommand({
    ...{
      Bucket: bucket,
      Key: `${key}-binding`,
      Body: probeContent,
      IfNoneMatch: "*",
      ChecksumSHA256: otherContentSha256Base64,
    },
    ...{ [boundByChecksum]: true },
  });
  try {
    await connection.ask(() => connection.bodies.send(command, signal ? { abortSignal: signal } : undefined), signal);
    return false;
  } catch (error) {
    if (signal?.aborted) throw error;
    const { code, reason } = translateError(error);
    // A body that was cut off on the way is refused too, and shows nothing.
    if (code === "checksum-mismatch" && nameOf(error) !== "IncompleteBody") return true;
    // A key or a bucket's policy may forbid such payloads: then they are signed as ever.
    return statusOf(error) === undefined || reason.retry === "backoff" ? undefined : false;
  }
}
