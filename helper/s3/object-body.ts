import { Readable } from "node:stream";
import type { ObjectUpload } from "../backup/object-store.ts";

/** Larger bodies go out in pieces, so that their progress can be shown; smaller ones are over before anybody looks. */
const wholeBodyBytesMost = 1024 * 1024;
const pieceBytes = 512 * 1024;

/** A body as the SDK takes it, telling of its progress. @param onError is told when its source fails */
export function openBody(
  { body, onSent }: Pick<ObjectUpload, "body" | "onSent">,
  onError: (error: Error) => void,
): Uint8Array | Readable {
  if (body instanceof Uint8Array && body.length <= wholeBodyBytesMost) return body;
  const stream = body instanceof Uint8Array ? Readable.from(pieces(body), { objectMode: false }) : body();
  let sentBytes = 0;
  stream.on("data", (chunk: Buffer) => onSent?.((sentBytes += chunk.length)));
  // The listener must not start the flow: whoever sends the body does.
  stream.pause();
  return stream.on("error", onError);
}

function* pieces(body: Uint8Array): Generator<Uint8Array> {
  for (let offset = 0; offset < body.length; offset += pieceBytes) yield body.subarray(offset, offset + pieceBytes);
}
