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
  name: "loopback" | "minio" | "versitygw";
  start(): Promise<ServerUnderTest>;
}
