import { connect } from "node:net";

interface RawExchange {
  port: number;
  method: string;
  path: string;
  headers: Record<string, string>;
  /** Sent as it is, whatever the headers announce. */
  body?: Buffer | string;
  /** Closes our side of the connection after the body, for one that is shorter than announced. */
  endsAfterBody?: boolean;
}

/** Sends bytes no HTTP client would send and reads the answer: its status and S3 error code, "cut" without an answer. */
export function exchangeRaw({
  port,
  method,
  path,
  headers,
  body = "",
  endsAfterBody = false,
}: RawExchange): Promise<string> {
  const head = Object.entries({ ...headers, connection: "close" }).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve) => {
    let answer = "";
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => {
      socket.write(`${method} ${path} HTTP/1.1\r\n${head.join("")}\r\n`);
      socket.write(body);
      // Only where it matters: MinIO takes any half-closed connection for a client that has gone.
      if (endsAfterBody) socket.end();
    });
    socket.on("data", (chunk) => (answer += chunk.toString()));
    socket.on("error", () => undefined);
    socket.on("close", () => {
      const status = /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1];
      const code = /<Code>(.*?)<\/Code>/.exec(answer)?.[1];
      resolve(status === undefined ? "cut" : code === undefined ? status : `${status} ${code}`);
      socket.destroy();
    });
    socket.on("end", () => socket.destroy());
  });
}
