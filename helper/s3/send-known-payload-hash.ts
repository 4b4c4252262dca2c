import type { S3Client } from "@aws-sdk/client-s3";

/**
 * The engine has hashed every body before it is sent. Given as `x-amz-content-sha256` before signing, the SDK takes
 * that hash instead of reading the body a second time, and a stream is signed like a buffer.
 */
export function sendKnownPayloadHash(client: S3Client): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const { ChecksumSHA256: checksum } = args.input as { ChecksumSHA256?: string };
      const request = args.request as { headers?: Record<string, string>; method?: string };
      if (checksum && request.headers && request.method === "PUT") {
        request.headers["x-amz-content-sha256"] = Buffer.from(checksum, "base64").toString("hex");
      }
      return next(args);
    },
    { step: "build", name: "sendKnownPayloadHash", priority: "low" },
  );
}
