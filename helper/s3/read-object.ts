import { Readable } from "node:stream";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import type { ObjectBody } from "../backup/object-body.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { statusOf } from "./known-answer.ts";
import { listObjects } from "./list-objects.ts";
import { objectHeadOf } from "./object-head-of.ts";
import { abortWith, type S3Connection } from "./s3-connection.ts";

interface Refused {
  error: unknown;
  signal: AbortSignal | undefined;
}

/**
 * Begins to download an object. @returns undefined when there is none, by the word of S3 or of the bucket's listing
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
    if (statusOf(error) === 404 && (await isNoKey(connection, key, { error, signal }))) return undefined;
    throw await connection.explain(error, "s3:GetObject", signal);
  }
}

/** S3 says what it is that is not there. A 404 without a word may be anybody's: then a listing must show that it is not. */
async function isNoKey(connection: S3Connection, key: string, { error, signal }: Refused): Promise<boolean> {
  const { Code } = error as { Code?: string };
  if (Code !== undefined) return Code === "NoSuchKey";
  const { objects } = await listObjects(connection, { prefix: key, continuation: undefined, signal });
  if (!objects.some((object) => object.key === key)) return true;
  throw new BackupError("unknown", { detail: "listed, and said not to be there", cause: error });
}

/** The body of an answer whose headers the SDK could make nothing of. */
function unreadBodyOf(error: unknown): Readable | undefined {
  const { cause = error } = error as { cause?: unknown };
  const { body } = (cause as { $response?: { body?: unknown } }).$response ?? {};
  return body instanceof Readable ? body : undefined;
}
