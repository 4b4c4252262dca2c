import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { ServerUnderTest } from "./server-under-test.ts";

/** A client configured as the engine's: no checksums of the SDK's own, no retries, no Expect. */
export function contractClient(server: ServerUnderTest, overrides: Partial<S3ClientConfig> = {}): S3Client {
  return new S3Client({
    endpoint: server.endpoint,
    region: server.region,
    credentials: { accessKeyId: server.accessKeyId, secretAccessKey: server.secretAccessKey },
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    expectContinueHeader: false,
    requestHandler: new NodeHttpHandler({ connectionTimeout: 5000, socketTimeout: 20_000 }),
    ...overrides,
  });
}
