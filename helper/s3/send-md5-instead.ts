import { createHash } from "node:crypto";
import type { PutObjectCommand, UploadPartCommand } from "@aws-sdk/client-s3";
import type { ObjectUpload } from "../backup/object-store.ts";

/**
 * For stores that refuse `x-amz-checksum-sha256` (Backblaze B2): the request carries Content-MD5 in its place. The
 * command keeps its ChecksumSHA256, so that the payload is still signed with its hash.
 */
export function sendMd5Instead(command: PutObjectCommand | UploadPartCommand, md5Base64: string): void {
  // Both stacks take the same middleware; their union's overloads cannot say so.
  const { middlewareStack } = command as PutObjectCommand;
  middlewareStack.add(
    (next) => async (args) => {
      const { headers } = args.request as { headers: Record<string, string> };
      delete headers["x-amz-checksum-sha256"];
      headers["content-md5"] = md5Base64;
      return next(args);
    },
    { step: "build", name: "sendMd5Instead", priority: "low" },
  );
}

/** The MD5 of a whole body; one that is a stream is read once more. */
export async function md5Base64Of(body: ObjectUpload["body"]): Promise<string> {
  const hash = createHash("md5");
  if (body instanceof Uint8Array) return hash.update(body).digest("base64");
  for await (const chunk of body()) hash.update(chunk as Buffer);
  return hash.digest("base64");
}

/** Such a store names the header in a 400, or answers 501 to a header it does not know. */
export function refusesChecksum(error: unknown): boolean {
  const { $metadata, name, message } = error as StatusError;
  const status = $metadata?.httpStatusCode;
  if (status !== 400 && status !== 501) return false;
  return /x-amz-(sdk-)?checksum/i.test(message ?? "") || (status === 501 && name === "NotImplemented");
}

interface StatusError {
  $metadata?: { httpStatusCode?: number };
  name?: string;
  message?: string;
}
