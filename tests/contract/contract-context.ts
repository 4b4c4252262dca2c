import { createHash } from "node:crypto";
import type { S3Client } from "@aws-sdk/client-s3";
import type { StoreDifferences } from "./store-differences.ts";
import type { ServerUnderTest } from "./server-under-test.ts";

/** What every part of the contract works with: one running server, one bucket, one client. */
export interface ContractContext {
  server: ServerUnderTest;
  client: S3Client;
  bucket: string;
}

/** A part of the contract. The context exists only once its tests run; the differences already at collection. */
export type ContractPart = (context: () => ContractContext, differences: StoreDifferences) => void;

/** The SHA-256 of a body as x-amz-checksum-sha256 has it. */
export function sha256Base64(body: Buffer | string): string {
  return createHash("sha256").update(body).digest("base64");
}

/** "200" for an answer, "412 PreconditionFailed" for an S3 error: what the table of differences is written in. */
export async function outcomeOf(
  sent: Promise<{ $metadata: { httpStatusCode?: number | undefined } }>,
): Promise<string> {
  try {
    return String((await sent).$metadata.httpStatusCode);
  } catch (error) {
    if (!(error instanceof Error) || !("$metadata" in error)) throw error;
    const { httpStatusCode } = error.$metadata as { httpStatusCode?: number };
    return `${httpStatusCode ?? "cut"} ${error.name}`;
  }
}
