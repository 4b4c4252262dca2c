import type { StoreBehavior } from "../support/loopback-s3/loopback-options.ts";
import { startLoopbackS3 } from "../support/loopback-s3/start-loopback-s3.ts";
import { contractClient } from "./contract-client.ts";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import type { ServerUnderTest } from "./server-under-test.ts";

/** The loopback S3 as the contract sees it. */
export async function startLoopback(behavior: Partial<StoreBehavior> = {}): Promise<ServerUnderTest> {
  const credentials = { accessKeyId: "loopback-key", secretAccessKey: "loopback-secret" };
  const { endpoint, port, region, close } = await startLoopbackS3({ ...credentials, behavior });
  const server: ServerUnderTest = { endpoint, port, region, ...credentials, createBucket, close };
  async function createBucket(name: string): Promise<void> {
    const client = contractClient(server);
    await client.send(new CreateBucketCommand({ Bucket: name }));
    client.destroy();
  }
  return server;
}
