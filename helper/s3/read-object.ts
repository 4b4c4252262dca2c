import { Readable } from "node:stream";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { ObjectBody } from "../backup/object-body.ts";
import { statusOf } from "./known-answer.ts";
import { objectHeadOf } from "./object-head-of.ts";
import { abortWith, type S3Connection } from "./s3-connection.ts";

/**
 * Begins to download an object. @returns undefined when there is none, by the word of S3 or of a bucket that can be listed
 * @throws BackupError what the store said
 */
export async function readObject(
  connection: S3Connection,
  key: string,
  signal: AbortSignal | undefined,
): Promise<ObjectBody | undefined> {
  const { questions, destination } = connection;
  const question = new GetObjectCommand({ Bucket: destination.bucket, Key: key });
  let body: Readable | undefined;
  try {
    const answer = await connection.ask(() => questions.send(question, abortWith(signal)), signal);
    body = answer.Body as Readable;
    return { head: objectHeadOf(answer), body };
  } catch (error) {
    // A body that nobody reads would keep its connection for ever, and there are only a few.
    (body ?? unreadBodyOf(error))?.destroy();
    if (statusOf(error) === 404 && (await isNoKey(connection, error, signal))) return undefined;
    throw await connection.explain(error, "s3:GetObject", signal);
  }
}

/** S3 says what it is that is not there. A 404 without a word may be anybody's: then the bucket must show that it is there. */
async function isNoKey(connection: S3Connection, error: unknown, signal: AbortSignal | undefined): Promise<boolean> {
  const { Code } = error as { Code?: string };
  if (Code !== undefined) return Code === "NoSuchKey";
  await connection.checkBucket(signal);
  return true;
}

/** The body of an answer whose headers the SDK could make nothing of. */
function unreadBodyOf(error: unknown): Readable | undefined {
  const { cause = error } = error as { cause?: unknown };
  const { body } = (cause as { $response?: { body?: unknown } }).$response ?? {};
  return body instanceof Readable ? body : undefined;
}
