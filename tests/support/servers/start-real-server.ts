import { randomBytes } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { RealServer, RealServerName } from "./real-server.ts";
import { startGuardedProcess, type GuardedProcess } from "./start-guarded-process.ts";

export interface RealServerPlan {
  name: RealServerName;
  region: string;
  /** Answers a GET once the server is ready, with 200 unless it has another sign of life. */
  healthPath: string;
  healthStatus?: number;
  command(port: number, dir: string): string[] | Promise<string[]>;
  env(credentials: { accessKeyId: string; secretAccessKey: string }): Record<string, string>;
}

const startTimeoutMs = 30_000;
const maxAttempts = 5;

/** Starts a server on a free port and waits until it is ready. @throws Error with its output when it doesn't start */
export async function startRealServer(plan: RealServerPlan): Promise<RealServer> {
  const accessKeyId = `test${randomBytes(8).toString("hex")}`;
  const secretAccessKey = randomBytes(20).toString("hex");
  let output = "";
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const port = await freePort();
    const dir = mkdtempSync(join(tmpdir(), `photolala-${plan.name}-`));
    const child = startGuardedProcess({
      command: await plan.command(port, dir),
      env: { PATH: process.env.PATH, HOME: dir, ...plan.env({ accessKeyId, secretAccessKey }) },
      dir,
    });
    const endpoint = `http://127.0.0.1:${port}`;
    if (await isReady(child, endpoint + plan.healthPath, plan.healthStatus ?? 200)) {
      return server({ plan, endpoint, port, accessKeyId, secretAccessKey, child });
    }
    await child.close();
    output = await child.ended;
    // Somebody took the port between our look and the server's start: try another. Anything else is final.
    if (!/address already in use|in use/i.test(output)) break;
  }
  throw new Error(`${plan.name} did not start: ${output}`);
}

interface Running {
  plan: RealServerPlan;
  endpoint: string;
  port: number;
  accessKeyId: string;
  secretAccessKey: string;
  child: GuardedProcess;
}

function server({ plan, endpoint, port, accessKeyId, secretAccessKey, child }: Running): RealServer {
  const { name, region } = plan;
  return {
    name,
    endpoint,
    port,
    region,
    accessKeyId,
    secretAccessKey,
    createBucket: async (bucket) => {
      const credentials = { accessKeyId, secretAccessKey };
      const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      client.destroy();
    },
    close: () => child.close(),
  };
}

async function isReady(child: GuardedProcess, url: string, status: number): Promise<boolean> {
  const deadline = Date.now() + startTimeoutMs;
  while (!child.hasEnded && Date.now() < deadline) {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(1000) });
      await answer.arrayBuffer();
      if (answer.status === status) return true;
    } catch {
      // Not listening yet.
    }
    await delay(25);
  }
  return false;
}

/** A port that is free at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
