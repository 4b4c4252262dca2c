import type { ClientRequest } from "node:http";
import type { Readable } from "node:stream";

/** Small enough that even the slowest line takes one within the time after which a body counts as stuck. */
export const bodyPieceBytes = 256 * 1024;

interface BodyWatcher {
  /** The network has taken another piece of a body that is more than one. @param sentBytes all that it has taken so far */
  onTaken(sentBytes: number): void;
  /** The source failed; the request is to be given up. */
  onError(error: Error): void;
}

/** Sends a body piece by piece, each when the network has taken the one before, and ends the request. */
export function writeBody(
  request: ClientRequest,
  body: Uint8Array | string | Readable | undefined,
  { onTaken, onError }: BodyWatcher,
): void {
  if (body === undefined || typeof body === "string") return void request.end(body ?? "");
  if (body instanceof Uint8Array) {
    if (body.length <= bodyPieceBytes) return void request.end(body);
    return writePieces(request, body, { onTaken, onEnd: () => request.end() });
  }
  writeStream(request, body, { onTaken, onError });
}

function writeStream(request: ClientRequest, body: Readable, { onTaken, onError }: BodyWatcher): void {
  let isWriting = false;
  let hasEnded = false;
  let earlierBytes = 0;
  const onEnd = () => {
    isWriting = false;
    if (hasEnded) request.end();
    else body.resume();
  };
  body.on("data", (chunk: Uint8Array) => {
    body.pause();
    isWriting = true;
    const takenBefore = earlierBytes;
    earlierBytes += chunk.length;
    writePieces(request, chunk, { onTaken: (sentBytes) => onTaken(takenBefore + sentBytes), onEnd });
  });
  // A paused stream still tells that it has ended.
  body.on("end", () => {
    hasEnded = true;
    if (!isWriting) request.end();
  });
  body.on("error", onError);
  request.once("close", () => body.destroy());
  // Whoever looked at its progress before may have paused it.
  body.resume();
}

function writePieces(
  request: ClientRequest,
  bytes: Uint8Array,
  then: { onTaken: (sentBytes: number) => void; onEnd: () => void },
  offset = 0,
): void {
  const end = Math.min(offset + bodyPieceBytes, bytes.length);
  request.write(bytes.subarray(offset, end), (error) => {
    // The request's own error says why.
    if (error || request.destroyed) return;
    then.onTaken(end);
    if (end === bytes.length) then.onEnd();
    else writePieces(request, bytes, then, end);
  });
}
