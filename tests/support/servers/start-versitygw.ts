import { findRealServers } from "./find-real-servers.ts";
import type { RealServer } from "./real-server.ts";
import { startRealServer } from "./start-real-server.ts";

/** Starts versitygw on a plain folder. @throws Error when there is no versitygw binary or it doesn't start */
export async function startVersitygw(): Promise<RealServer> {
  const binary = findRealServers().found.get("versitygw");
  if (!binary) throw new Error("There is no versitygw binary: run scripts/ensure-servers.sh");
  return startRealServer({
    name: "versitygw",
    region: "us-east-1",
    healthPath: "/health",
    // Without --keep-alive it closes the connection after every answer, which no service on the internet does.
    command: (port, dir) => [
      binary,
      "--quiet",
      "--keep-alive",
      "--health",
      "/health",
      "--port",
      `127.0.0.1:${port}`,
      "posix",
      dir,
    ],
    env: ({ accessKeyId, secretAccessKey }) => ({ ROOT_ACCESS_KEY: accessKeyId, ROOT_SECRET_KEY: secretAccessKey }),
  });
}
