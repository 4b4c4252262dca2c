import type { S3Client } from "@aws-sdk/client-s3";
import { BackupError } from "../state/errors/backup-error.ts";

/** A listing of 1,000 keys has at most 101,000, see `refuseLongList`; no other answer has more than a few. */
const elementsMost = 110_000;

/** Errors are a few elements, and are read before it is known what they are. */
const elementsOfErrorMost = 1_000;

/**
 * Gives up an answer of more elements than any of S3's, before it is taken apart: 6 MiB of empty ones cost eight seconds of
 * the processor. Its status still tells what an error means.
 */
export function refuseBulkyAnswers({ middlewareStack }: S3Client): void {
  middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { body, statusCode = 200 } = result.response as { body?: unknown; statusCode?: number };
      if (!(body instanceof Uint8Array)) return result;
      const answer = Buffer.from(body.buffer, body.byteOffset, body.length);
      if (statusCode >= 300) {
        if (hasMoreThan(answer, elementsOfErrorMost)) (result.response as { body: unknown }).body = new Uint8Array();
      } else if (hasMoreThan(answer, elementsMost)) {
        throw new BackupError("not-s3", { detail: "an answer with more in it than any of S3's" });
      }
      return result;
    },
    { step: "deserialize", name: "refuseBulkyAnswers", priority: "low" },
  );
}

function hasMoreThan(answer: Buffer, most: number): boolean {
  if (answer.length <= most * "<a/>".length) return false;
  let count = 0;
  for (let at = answer.indexOf("<"); at >= 0 && count <= most; at = answer.indexOf("<", at + 1)) count += 1;
  return count > most;
}
