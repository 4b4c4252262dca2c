import { startDelayProxy, type DelayProxyOptions } from "../../tests/support/loopback-s3/delay-proxy.ts";
import { startLoopbackS3 } from "../../tests/support/loopback-s3/start-loopback-s3.ts";
import { findRealServers } from "../../tests/support/servers/find-real-servers.ts";
import { startMinio } from "../../tests/support/servers/start-minio.ts";
import type { BenchContext } from "./bench-context.ts";

export const benchBucket = "bench";

/** A bucket on this machine, and how to reach it as if it were far away. */
export interface BenchStore {
  readonly port: number;
  readonly region: string;
  /** For programs that take their key from the environment. */
  readonly keyEnv: Record<string, string>;
  close(): Promise<void>;
}

/** Starts MinIO, or, where there is none, the loopback S3 of the tests: it says which. */
export async function startBenchStore(context: BenchContext): Promise<BenchStore> {
  if (!findRealServers().found.has("minio")) {
    context.say("MinIO was not found (scripts/ensure-servers.sh): measured on the tests' own S3, which is slower.\n");
    const key = { accessKeyId: "bench", secretAccessKey: "bench-secret" };
    const s3 = await startLoopbackS3({ ...key, buckets: [benchBucket], dir: `${context.scratchDir}/s3` });
    return { port: s3.port, region: s3.region, keyEnv: keyEnvOf(key), close: () => s3.close() };
  }
  const minio = await startMinio();
  await minio.createBucket(benchBucket);
  return { port: minio.port, region: minio.region, keyEnv: keyEnvOf(minio), close: () => minio.close() };
}

function keyEnvOf(key: { accessKeyId: string; secretAccessKey: string }): Record<string, string> {
  return {
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
  };
}

/** Runs what is measured against the store at this distance; without any, without a proxy in between. */
export async function atDistance<Result>(
  store: BenchStore,
  { roundTripMs, ...wire }: { roundTripMs: number } & Pick<DelayProxyOptions, "bytesPerSecond" | "onUploaded">,
  measure: (endpoint: string) => Promise<Result>,
): Promise<Result> {
  if (roundTripMs === 0 && wire.bytesPerSecond === undefined) return measure(`http://127.0.0.1:${store.port}`);
  const proxy = await startDelayProxy({ targetPort: store.port, delayMs: roundTripMs / 2, ...wire });
  try {
    return await measure(proxy.endpoint);
  } finally {
    await proxy.close();
  }
}
