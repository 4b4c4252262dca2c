import {
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
  type PutObjectCommandInput,
  type S3ClientConfig,
} from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { LoopbackOptions } from "../../support/loopback-s3/loopback-options.ts";
import { startLoopbackS3, type LoopbackS3 } from "../../support/loopback-s3/start-loopback-s3.ts";

/** A loopback S3 with a bucket "photos" and a client that talks to it. */
export class LoopbackSession {
  readonly s3: LoopbackS3;
  readonly client: S3Client;

  private constructor(s3: LoopbackS3, config: Partial<S3ClientConfig> = {}) {
    this.s3 = s3;
    this.client = this.clientWith(config);
  }

  static async start(options: Partial<LoopbackOptions> = {}): Promise<LoopbackSession> {
    const credentials = { accessKeyId: "key", secretAccessKey: "secret" };
    return new LoopbackSession(await startLoopbackS3({ ...credentials, buckets: ["photos"], ...options }));
  }

  /** The same server, seen by another client. */
  as(config: Partial<S3ClientConfig>): LoopbackSession {
    return new LoopbackSession(this.s3, config);
  }

  clientWith(config: Partial<S3ClientConfig>): S3Client {
    return new S3Client({
      endpoint: this.s3.endpoint,
      region: this.s3.region,
      credentials: this.s3.credentials,
      forcePathStyle: true,
      maxAttempts: 1,
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      requestHandler: new NodeHttpHandler({ socketTimeout: 10_000 }),
      ...config,
    });
  }

  put(key: string, body: string | Buffer, input: Partial<PutObjectCommandInput> = {}): Promise<string> {
    return outcomeOf(this.client.send(new PutObjectCommand({ Bucket: "photos", Key: key, Body: body, ...input })));
  }

  head(key: string): Promise<string> {
    return outcomeOf(this.client.send(new HeadObjectCommand({ Bucket: "photos", Key: key })));
  }

  async read(key: string): Promise<string> {
    const { Body } = await this.client.send(new GetObjectCommand({ Bucket: "photos", Key: key }));
    return (await Body?.transformToString()) ?? "";
  }

  async close(): Promise<void> {
    this.client.destroy();
    await this.s3.close();
  }
}

/** "200", "412 PreconditionFailed", or "cut" and the error's code when no answer came. */
export async function outcomeOf(
  sent: Promise<{ $metadata: { httpStatusCode?: number | undefined } }>,
): Promise<string> {
  try {
    return String((await sent).$metadata.httpStatusCode);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const status = "$metadata" in error ? (error.$metadata as { httpStatusCode?: number }).httpStatusCode : undefined;
    return status === undefined
      ? `cut ${"code" in error ? String(error.code) : error.name}`
      : `${status} ${error.name}`;
  }
}
