import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A proxy before any server that counts the requests and the bodies that pass, without changing a byte. */
export interface RequestTap {
  readonly endpoint: string;
  readonly requests: number;
  readonly puts: number;
  /** Bytes of bodies that passed, by request target (`/bucket/key?partNumber=2&uploadId=…`), all attempts together. */
  readonly bodyBytes: ReadonlyMap<string, number>;
  /** Settles when the nth PUT from now on has begun to pass. */
  putPassed(nth: number): Promise<void>;
  close(): Promise<void>;
}

/** A client sends no request on a connection before the last one's answer is there, so each begins a chunk. */
const requestLine = /^(GET|HEAD|PUT|POST|DELETE) (\/\S*)/;

export async function startRequestTap(targetPort: number): Promise<RequestTap> {
  const sockets = new Set<Socket>();
  const waiting = new Set<{ at: number; resolve: () => void }>();
  const bodyBytes = new Map<string, number>();
  let requests = 0;
  let puts = 0;
  const onPut = (): void => {
    puts += 1;
    for (const one of waiting) if (puts >= one.at && waiting.delete(one)) one.resolve();
  };
  const server = createServer({ noDelay: true }, (client) => {
    const target = connect({ port: targetPort, host: "127.0.0.1", noDelay: true });
    for (const [from, to] of [[client, target] as const, [target, client] as const]) {
      sockets.add(from);
      from.on("error", () => to.destroy());
      from.on("close", () => (sockets.delete(from), to.destroy()));
    }
    let current: string | undefined;
    client.on("data", (chunk: Buffer) => {
      const [, method, path] = requestLine.exec(chunk.toString("latin1", 0, 4_096)) ?? [];
      if (method !== undefined) {
        requests += 1;
        current = method === "PUT" ? path : undefined;
      }
      if (method === "PUT") onPut();
      if (current === undefined) return;
      const headBytes = method === undefined ? 0 : chunk.indexOf("\r\n\r\n") + 4;
      bodyBytes.set(current, (bodyBytes.get(current) ?? 0) + chunk.length - headBytes);
    });
    client.pipe(target).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get requests() {
      return requests;
    },
    get puts() {
      return puts;
    },
    bodyBytes,
    putPassed: (nth) => new Promise((resolve) => waiting.add({ at: puts + nth, resolve })),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
