import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A proxy before any server that counts the requests that pass, without changing a byte. */
export interface RequestTap {
  readonly endpoint: string;
  readonly requests: number;
  readonly puts: number;
  /** Settles when the nth PUT from now on has begun to pass. */
  putPassed(nth: number): Promise<void>;
  close(): Promise<void>;
}

/** A client sends no request on a connection before the last one's answer is there, so each begins a chunk. */
const requestLine = /^(GET|HEAD|PUT|POST|DELETE) \//;

export async function startRequestTap(targetPort: number): Promise<RequestTap> {
  const sockets = new Set<Socket>();
  const waiting = new Set<{ at: number; resolve: () => void }>();
  let requests = 0;
  let puts = 0;
  const count = (chunk: Buffer): void => {
    const method = requestLine.exec(chunk.toString("latin1", 0, 10))?.[1];
    if (!method) return;
    requests += 1;
    if (method !== "PUT") return;
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
    client.on("data", count);
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
    putPassed: (nth) => new Promise((resolve) => waiting.add({ at: puts + nth, resolve })),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
