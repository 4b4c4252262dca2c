import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { findRealServers } from "./find-real-servers.ts";
import type { RealServer } from "./real-server.ts";
import { startRealServer } from "./start-real-server.ts";

/** Starts `rclone serve s3` on a plain folder, a store that checks little. @throws Error when there is no rclone binary or it doesn't start */
export async function startRclone(): Promise<RealServer> {
  const binary = findRealServers().found.get("rclone");
  if (!binary) throw new Error("There is no rclone binary: run scripts/ensure-servers.sh");
  return startRealServer({
    name: "rclone",
    region: "us-east-1",
    // It has no page for this: whoever comes without a signature is refused, once it listens.
    healthPath: "/",
    healthStatus: 403,
    command: (port, dir) => {
      // Every folder in it is a bucket, so its cache must not lie there.
      const data = join(dir, "data");
      mkdirSync(data);
      return [binary, "serve", "s3", "--config", "", "--addr", `127.0.0.1:${port}`, data];
    },
    env: ({ accessKeyId, secretAccessKey }) => ({ RCLONE_AUTH_KEY: `"${accessKeyId},${secretAccessKey}"` }),
  });
}
