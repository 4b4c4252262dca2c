/** A real S3 server, started for tests on 127.0.0.1 with a temporary folder. */
export interface RealServer {
  readonly name: "minio" | "versitygw" | "rclone";
  /** http://127.0.0.1:PORT, to be addressed path-style. */
  readonly endpoint: string;
  readonly port: number;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  createBucket(name: string): Promise<void>;
  /** Ends the server's process and removes its folder. The same happens by itself when this process dies. */
  close(): Promise<void>;
}

export type RealServerName = RealServer["name"];
