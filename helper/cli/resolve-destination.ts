import { checkEndpoint } from "../s3/check-endpoint.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { Destination } from "../state/files/destination.ts";
import type { Settings } from "../state/files/settings.ts";
import { UsageError } from "./usage-error.ts";

export interface DestinationOptions {
  bucket?: string;
  prefix?: string;
  region?: string;
  endpoint?: string;
  allowInsecureHttp?: boolean;
  storageClass?: string;
}

type Environment = Record<string, string | undefined>;

export const defaultPrefix = "photos";

/**
 * Where to back up to: what was given, else what the settings say, else the standard AWS variables.
 * @throws BackupError `no-destination` without a bucket; UsageError for a bucket or prefix that cannot be one
 */
export function resolveDestination(options: DestinationOptions, settings: Settings, env: Environment): Destination {
  const known = settings.destination;
  const bucket = options.bucket ?? known?.bucket;
  if (bucket === undefined) throw new BackupError("no-destination");
  const endpoint = resolveEndpoint(options, settings, env);
  const storageClass = options.storageClass ?? known?.storageClass;
  return {
    ...(endpoint ? { endpoint } : {}),
    region: resolveRegion(options, settings, env),
    bucket: checkBucketName(bucket),
    prefix: checkPrefix(options.prefix ?? known?.prefix ?? defaultPrefix),
    ...(storageClass ? { storageClass } : {}),
  };
}

export function resolveRegion(options: DestinationOptions, settings: Settings, env: Environment): string {
  const region = options.region ?? settings.destination?.region ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  return region || "us-east-1";
}

/** "" on the command line means AWS itself, whatever the settings say. */
export function resolveEndpoint(options: DestinationOptions, settings: Settings, env: Environment): string | undefined {
  const fromEnvironment = settings.destination ? undefined : (env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL);
  const endpoint = options.endpoint ?? settings.destination?.endpoint ?? fromEnvironment;
  if (!endpoint) return undefined;
  return checkEndpoint(endpoint, { allowInsecureHttp: allowsInsecureHttp(options, settings) });
}

export function allowsInsecureHttp(options: DestinationOptions, settings: Settings): boolean {
  return options.allowInsecureHttp ?? settings.allowInsecureHttp ?? false;
}

function checkBucketName(bucket: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{2,254}$/.test(bucket)) return bucket;
  throw new UsageError(
    `"${bucket}" cannot be a bucket's name.`,
    "Give the bare name of the bucket, without s3:// or slashes.",
  );
}

function checkPrefix(prefix: string): string {
  const trimmed = prefix.normalize("NFC").replace(/^\/+|\/+$/g, "");
  const segments = trimmed.split("/");
  const isFine =
    trimmed === "" || segments.every((part) => part !== "" && part !== "." && part !== ".." && part !== ".photolala");
  if (isFine && Buffer.byteLength(trimmed) <= 200) return trimmed;
  throw new UsageError(
    `"${prefix}" cannot be a prefix.`,
    "Use names with single slashes between them, such as photos or backup/photos.",
  );
}
