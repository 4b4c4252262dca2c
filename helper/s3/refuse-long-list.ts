import type {
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListPartsCommand,
} from "@aws-sdk/client-s3";
import { BackupError } from "../state/errors/backup-error.ts";

/** Every element of one object that any store sends, twice over: taking a list apart costs by the element, not by the byte. */
const elementsAKey = 100;

/** Beside the keys: the list's own, and a store that gives one or the other more. */
const elementsMore = 1_000;

/**
 * Gives up an answer with more keys than were asked for, before it is taken apart: a listing of a million empty objects
 * holds the program for many seconds, and is none of S3's. The request rejects with a BackupError `not-s3`.
 */
export function refuseLongList(
  command: ListObjectsV2Command | ListPartsCommand | ListMultipartUploadsCommand | ListBucketsCommand,
  keysMost: number,
): void {
  // All stacks take the same middleware; their union's overloads cannot say so.
  const { middlewareStack } = command as ListObjectsV2Command;
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { body } = result.response as { body?: unknown };
      if (body instanceof Uint8Array && isTooLong(Buffer.from(body.buffer, body.byteOffset, body.length), keysMost)) {
        throw new BackupError("not-s3", { detail: "a listing of more keys than it was asked for" });
      }
      return result;
    },
    { step: "deserialize", name: "refuseLongList", priority: "low" },
  );
}

function isTooLong(answer: Buffer, keysMost: number): boolean {
  if (answer.length < keysMost * "<Contents/>".length) return false;
  return hasMoreThan(answer, "<Contents", keysMost) || hasMoreThan(answer, "<", keysMost * elementsAKey + elementsMore);
}

function hasMoreThan(answer: Buffer, text: string, most: number): boolean {
  let count = 0;
  for (let at = answer.indexOf(text); at >= 0; at = answer.indexOf(text, at + text.length)) {
    count += 1;
    if (count > most) return true;
  }
  return false;
}
