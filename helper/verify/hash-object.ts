import { createHash } from "node:crypto";
import type { ObjectStore } from "../backup/object-store.ts";

/** A download that delivers no byte for so long is given up. */
const stallMs = 60_000;

/** A body that ended early or stalled: trouble of one download, not yet of the destination. */
export class BodyCutOff extends Error {}

export interface HashedObject {
  sizeBytes: number;
  sha256Hex: string;
}

/**
 * Downloads an object and hashes it on the way; no more than one piece of it is in memory. Of more than `bytesMost` no
 * more is taken: a body may have no end.
 * @returns undefined when there is none
 * @throws BackupError what the store said; BodyCutOff for a body that ended early or stalled
 */
export async function hashObject(
  store: ObjectStore,
  key: string,
  options: { signal: AbortSignal; bytesMost?: number; onBytes?: (count: number) => void },
): Promise<HashedObject | undefined> {
  const found = await store.read(key, options.signal);
  if (!found) return undefined;
  const { body, head } = found;
  const { bytesMost = Infinity } = options;
  const hash = createHash("sha256");
  let sizeBytes = 0;
  let sizeAtLastLook = -1;
  const watch = setInterval(() => {
    if (sizeBytes === sizeAtLastLook) body.destroy(new Error("stalled"));
    sizeAtLastLook = sizeBytes;
  }, stallMs);
  watch.unref();
  const onAbort = () => body.destroy(new Error("aborted"));
  options.signal.addEventListener("abort", onAbort, { once: true });
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      hash.update(piece);
      sizeBytes += piece.length;
      options.onBytes?.(piece.length);
      if (sizeBytes > bytesMost) return { sizeBytes, sha256Hex: hash.digest("hex") };
    }
  } catch (error) {
    options.signal.throwIfAborted();
    throw new BodyCutOff("an object's body was cut off", { cause: error });
  } finally {
    clearInterval(watch);
    options.signal.removeEventListener("abort", onAbort);
    body.destroy();
  }
  // A connection that closes in good order may still have brought less than was promised.
  if (sizeBytes < head.sizeBytes) throw new BodyCutOff("an object's body ended early");
  return { sizeBytes, sha256Hex: hash.digest("hex") };
}
