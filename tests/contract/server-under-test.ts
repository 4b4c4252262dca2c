import type { RealServerName } from "../support/servers/real-server.ts";

/** The rows of the table of differences. */
export type ContractedServer = "loopback" | RealServerName;

/** What the contract needs to know of a running server. */
export interface ServerUnderTest {
  endpoint: string;
  port: number;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  createBucket(name: string): Promise<void>;
  close(): Promise<void>;
}

export interface ServerFactory {
  /** Its row in the table of differences. */
  name: ContractedServer;
  start(): Promise<ServerUnderTest>;
}
