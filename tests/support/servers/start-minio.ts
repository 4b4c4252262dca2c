import { findRealServers } from "./find-real-servers.ts";
import type { RealServer } from "./real-server.ts";
import { freePort, startRealServer } from "./start-real-server.ts";

/** Starts MinIO with one drive. @throws Error when there is no minio binary or it doesn't start */
export async function startMinio(): Promise<RealServer> {
  const binary = findRealServers().found.get("minio");
  if (!binary) throw new Error("There is no minio binary: run scripts/ensure-servers.sh");
  return startRealServer({
    name: "minio",
    region: "us-east-1",
    healthPath: "/minio/health/ready",
    command: async (port, dir) => [
      binary,
      "server",
      dir,
      "--quiet",
      "--address",
      `127.0.0.1:${port}`,
      "--console-address",
      `127.0.0.1:${await freePort()}`,
    ],
    env: ({ accessKeyId, secretAccessKey }) => ({
      MINIO_ROOT_USER: accessKeyId,
      MINIO_ROOT_PASSWORD: secretAccessKey,
      MINIO_UPDATE: "off",
      MINIO_BROWSER: "off",
    }),
  });
}
