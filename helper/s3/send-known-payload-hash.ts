import type { S3Client } from "@aws-sdk/client-s3";

/** In a command's input: the store was seen to hold a body to its checksum header, so the header alone binds it. */
export const boundByChecksum = Symbol("bound by its checksum");

interface Hashed {
  ChecksumSHA256?: string;
  [boundByChecksum]?: boolean;
}

/**
 * The engine has hashed every body before it is sent. Given as `x-amz-content-sha256` before signing, the SDK takes
 * that hash instead of reading the body a second time, and a stream is signed like a buffer. Where the checksum header, which
 * is signed too, was seen to bind the body, the hash is left out: the store would compute it once more for nothing.
 */
export function sendKnownPayloadHash(client: S3Client): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { ChecksumSHA256: checksum, [boundByChecksum]: isBound = false } = args.input as Hashed;
      const request = args.request as { headers?: Record<string, string>; method?: string };
      if (checksum && request.headers && request.method === "PUT") {
        const hash = isBound ? "UNSIGNED-PAYLOAD" : Buffer.from(checksum, "base64").toString("hex");
        request.headers["x-amz-content-sha256"] = hash;
      }
      return next(args);
    },
    { step: "build", name: "sendKnownPayloadHash", priority: "low" },
  );
}
