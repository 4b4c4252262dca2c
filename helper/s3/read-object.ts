import { Readable } from "node:stream";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { ObjectBody } from "../backup/object-body.ts";
import { statusOf } from "./known-answer.ts";
import { objectHeadOf } from "./object-head-of.ts";
import { abortWith, type S3Connection } from "./s3-connection.ts";

/** Begins to download an object. @returns undefined when there is none @throws BackupError what the store said */
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
    if (statusOf(error) === 404) return undefined;
    throw await connection.explain(error, "s3:GetObject", signal);
  }
}

/** The body of an answer whose headers the SDK could make nothing of. */
function unreadBodyOf(error: unknown): Readable | undefined {
  const { cause = error } = error as { cause?: unknown };
  const { body } = (cause as { $response?: { body?: unknown } }).$response ?? {};
  return body instanceof Readable ? body : undefined;
}
