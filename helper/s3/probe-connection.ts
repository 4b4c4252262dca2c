import { S3Connection, type ConnectionOptions } from "./s3-connection.ts";

/** A connection whose every question is given up when the person does not want the answers any more. */
export class ProbeConnection extends S3Connection {
  readonly #stopping: AbortSignal | undefined;

  constructor({ stopping, ...options }: ConnectionOptions & { stopping: AbortSignal | undefined }) {
    super(options);
    this.#stopping = stopping;
  }

  /** @throws the signal's reason as soon as it aborts; else as `S3Connection` does */
  override async ask<Answer>(
    send: () => Promise<Answer>,
    signal: AbortSignal | undefined = this.#stopping,
    turn?: Promise<void>,
  ): Promise<Answer> {
    signal?.throwIfAborted();
    const { promise: stopped, reject } = Promise.withResolvers<never>();
    const stop = () => reject(signal?.reason);
    signal?.addEventListener("abort", stop, { once: true });
    try {
      return await Promise.race([super.ask(send, signal, turn), stopped]);
    } finally {
      signal?.removeEventListener("abort", stop);
    }
  }
}
