import { channel } from "node:diagnostics_channel";
import type { Socket } from "node:net";

const opened = channel("net.client.socket");

/**
 * Counts bodies in flight where they are sent: one begins with the first byte that is handed to a connection, and ends with
 * the first byte of its answer, or when the connection is destroyed. A server learns of the latter only when it reads.
 */
export class ClientBodies {
  /** The most that ever were in flight at once. */
  max = 0;
  /** Connections that were given up with a body on them. */
  givenUp = 0;
  readonly #inFlight = new Set<Socket>();
  /** `connect`, which comes next, puts the socket's own `write` back. */
  readonly #onOpened = (message: unknown) =>
    process.nextTick(() => this.#watch((message as { socket: Socket }).socket));

  constructor() {
    opened.subscribe(this.#onOpened);
  }

  stop(): void {
    opened.unsubscribe(this.#onOpened);
  }

  #watch(socket: Socket): void {
    const write = socket.write.bind(socket) as (...given: unknown[]) => boolean;
    socket.write = ((...given: unknown[]) => {
      if (isBeginOfBody(given[0])) this.#begin(socket);
      return write(...given);
    }) as Socket["write"];
  }

  #begin(socket: Socket): void {
    for (const other of this.#inFlight) {
      if (!other.destroyed) continue;
      this.#inFlight.delete(other);
      this.givenUp += 1;
    }
    this.#inFlight.add(socket);
    this.max = Math.max(this.max, this.#inFlight.size);
    socket.once("data", () => this.#inFlight.delete(socket));
  }
}

function isBeginOfBody(chunk: unknown): boolean {
  const text = typeof chunk === "string" ? chunk.slice(0, 5) : chunk instanceof Uint8Array ? latin1(chunk) : "";
  return text === "PUT /";
}

function latin1(chunk: Uint8Array): string {
  return Buffer.from(chunk.buffer, chunk.byteOffset, Math.min(5, chunk.length)).toString("latin1");
}
