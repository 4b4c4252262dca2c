/*
 * A TCP proxy on 127.0.0.1 that makes a local server as far away as a real one: every chunk arrives `delayMs` later in
 * each direction (so a round trip costs twice that), optionally no faster than `bytesPerSecond` each way.
 *
 *   const proxy = await startDelayProxy({ targetPort: s3.port, delayMs: 15, bytesPerSecond: 5_000_000 });
 */
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface DelayProxyOptions {
  targetPort: number;
  /** Added to each direction. */
  delayMs: number;
  /** Bandwidth of each direction of all connections together; unlimited by default. */
  bytesPerSecond?: number;
  /** Told of every piece that reaches the server. */
  onUploaded?: (bytes: number) => void;
}

export interface DelayProxy {
  readonly endpoint: string;
  readonly port: number;
  /** How many connections were opened so far: 1 for a client that keeps one alive. */
  readonly connections: number;
  close(): Promise<void>;
}

/** Starts the proxy; it listens when the promise settles. */
export async function startDelayProxy(options: DelayProxyOptions): Promise<DelayProxy> {
  const sockets = new Set<Socket>();
  const up = createLink(options);
  const down = createLink(options);
  let connections = 0;
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (client) => {
    connections++;
    const target = connect({ port: options.targetPort, host: "127.0.0.1", noDelay: true, allowHalfOpen: true });
    for (const [from, to, link] of [[client, target, up] as const, [target, client, down] as const]) {
      sockets.add(from);
      const deliver = (chunk: Buffer): void => {
        to.write(chunk);
        if (from === client) options.onUploaded?.(chunk.length);
      };
      from.on("data", (chunk) => link(from, () => deliver(chunk), chunk.length));
      from.on("end", () => link(from, () => to.end(), 0));
      from.on("error", () => to.destroy());
      from.on("close", (hadError) => {
        sockets.delete(from);
        if (hadError) to.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    get connections() {
      return connections;
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

type Link = (source: Socket, deliver: () => void, bytes: number) => void;

/** At most this much is on its way before the sender is held back, as a real path's window would. */
const windowBytes = 4 * 1024 * 1024;

interface Waiting {
  dueAt: number;
  bytes: number;
  deliver: () => void;
}

/** One direction: whatever enters leaves in order, delayed and no faster than the bandwidth. */
function createLink({ delayMs, bytesPerSecond }: DelayProxyOptions): Link {
  let freeAt = 0;
  let bytesOnTheWay = 0;
  const waiting: Waiting[] = [];
  const paused = new Set<Socket>();
  // One timer for the head of one queue: timers of different lengths could fire out of order.
  const deliverDue = (): void => {
    const now = performance.now();
    while (waiting[0] && waiting[0].dueAt <= now + 0.5) {
      const next = waiting.shift();
      bytesOnTheWay -= next?.bytes ?? 0;
      next?.deliver();
    }
    if (waiting[0]) setTimeout(deliverDue, waiting[0].dueAt - now);
    if (bytesOnTheWay > windowBytes) return;
    for (const socket of paused) socket.resume();
    paused.clear();
  };
  return (source, deliver, bytes) => {
    const now = performance.now();
    freeAt = Math.max(freeAt, now) + (bytesPerSecond ? (bytes / bytesPerSecond) * 1000 : 0);
    waiting.push({ dueAt: freeAt + delayMs, bytes, deliver });
    if (waiting.length === 1) setTimeout(deliverDue, freeAt + delayMs - now);
    bytesOnTheWay += bytes;
    if (bytesOnTheWay > windowBytes) paused.add(source.pause());
  };
}
