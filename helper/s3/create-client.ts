import { S3Client } from "@aws-sdk/client-s3";
import type { Credentials } from "../secrets/credentials.ts";
import { checkEndpoint } from "./check-endpoint.ts";
import { keepOwnClock } from "./keep-own-clock.ts";
import { lightenClient } from "./lighten-client.ts";
import { refuseBulkyAnswers } from "./refuse-bulky-answers.ts";
import { sendKnownPayloadHash } from "./send-known-payload-hash.ts";
import type { TimeLimits } from "./time-limits.ts";
import { Transport } from "./transport.ts";

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
  /** Shorter ones, for tests. */
  limits?: Partial<TimeLimits>;
}

const silent = () => undefined;

/** The SDK's own would write to the console what our caller is told anyway. */
const logger = { debug: silent, info: silent, warn: silent, error: silent };

/** An S3 client as the facts demand: one retry layer (ours), no second hash, no 100-continue, connections kept. */
export function createClient(options: ClientOptions): S3Client {
  const endpoint = options.endpoint ? checkEndpoint(options.endpoint, options) : undefined;
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
    logger,
    requestHandler: new Transport({ maxSockets: options.maxSockets, limits: options.limits ?? {} }),
  });
  sendKnownPayloadHash(client);
  lightenClient(client);
  keepOwnClock(client);
  refuseBulkyAnswers(client);
  return client;
}
