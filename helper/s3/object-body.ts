import type { Readable } from "node:stream";
import type { ObjectUpload } from "../backup/object-store.ts";

/** A body as the SDK takes it. */
interface OpenBody {
  body: Uint8Array | Readable;
  /** Aborts the request: for the caller's reason, or because the body's source failed. */
  signal: AbortSignal | undefined;
  /** To be called when the request is over. */
  close(): void;
}

/** Bytes go out as they are; a stream is opened anew for every attempt. */
export function openBody({ body }: Pick<ObjectUpload, "body">, signal: AbortSignal | undefined): OpenBody {
  if (body instanceof Uint8Array) return { body, signal, close: () => undefined };
  const sourceFailed = new AbortController();
  const stream = body().on("error", (error) => sourceFailed.abort(error));
  const anySignal = signal ? AbortSignal.any([signal, sourceFailed.signal]) : sourceFailed.signal;
  return { body: stream, signal: anySignal, close: () => stream.destroy() };
}
