import type { Readable } from "node:stream";
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
  try {
    const answer = await connection.ask(() => questions.send(question, abortWith(signal)), signal);
    return { head: objectHeadOf(answer), body: answer.Body as Readable };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw await connection.explain(error, "s3:GetObject", signal);
  }
}
