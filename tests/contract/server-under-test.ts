import type { ProviderId } from "../../helper/probe/provider-profile.ts";
import type { RealServerName } from "../support/servers/real-server.ts";

/** The rows of the table of differences. A service that the loopback plays has the row of the real one. */
export type ContractedServer = "loopback" | RealServerName | ProviderId;

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
  /** How it is called in the report, where that is not its row. */
  title?: string;
  start(): Promise<ServerUnderTest>;
}
