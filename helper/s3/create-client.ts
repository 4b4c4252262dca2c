import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { S3Client } from "@aws-sdk/client-s3";
import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { Credentials } from "../secrets/credentials.ts";
import { checkEndpoint } from "./check-endpoint.ts";
import { sendKnownPayloadHash } from "./send-known-payload-hash.ts";

export interface ClientOptions {
  region: string;
  endpoint?: string;
  allowInsecureHttp?: boolean;
  /** Asked once, and again when `expiration` has come near. */
  credentials: () => Promise<Credentials & { expiration?: Date }>;
  /** Connections kept open: 1 for bodies, so that no two are ever on the wire at once. */
  maxSockets: number;
  /** The bucket, when known: a name with dots does not match the wildcard certificate of virtual-host addresses. */
  bucket?: string;
}

/** Times after which a silent network is an error; the SDK's own default is to wait forever. */
const connectionTimeoutMs = 10_000;
const idleSocketTimeoutMs = 120_000;

/** An S3 client as the facts demand: one retry layer (ours), no second hash, no 100-continue, connections kept. */
export function createClient(options: ClientOptions): S3Client {
  const endpoint = options.endpoint ? checkEndpoint(options.endpoint, options) : undefined;
  const agentOptions = { keepAlive: true, maxSockets: options.maxSockets, scheduling: "lifo" } as const;
  const client = new S3Client({
    region: options.region,
    ...(endpoint ? { endpoint } : {}),
    forcePathStyle: endpoint !== undefined || Boolean(options.bucket?.includes(".")),
    credentials: async () => options.credentials(),
    maxAttempts: 1,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    expectContinueHeader: false,
    followRegionRedirects: false,
    requestHandler: new NodeHttpHandler({
      httpAgent: new HttpAgent(agentOptions),
      httpsAgent: new HttpsAgent({ ...agentOptions, minVersion: "TLSv1.2" }),
      connectionTimeout: connectionTimeoutMs,
      socketTimeout: idleSocketTimeoutMs,
      // A photo may wait behind the body on the wire for minutes; that is no reason to warn.
      socketAcquisitionWarningTimeout: 3_600_000,
    }),
  });
  sendKnownPayloadHash(client);
  return client;
}
