/** Buffers kept for the next photos; with what is in use it stays near the read-ahead budget. */
const keptBytesMost = 8 * 1024 * 1024;

const smallestBytes = 64 * 1024;

/**
 * Memory that photos are read into, used again and again: freshly allocated, 10,000 photos would grow the process by
 * 30 MB before the garbage collector looks at them.
 */
export class BufferPool {
  readonly #kept: Buffer[] = [];
  #keptBytes = 0;

  /** @returns memory of exactly this size, with whatever was in it before */
  take(sizeBytes: number): Buffer {
    const index = this.#kept.findIndex((buffer) => buffer.length >= sizeBytes);
    // Not from Node's shared pool, which a slice would keep alive as a whole.
    const whole =
      index >= 0 ? (this.#kept.splice(index, 1)[0] as Buffer) : Buffer.allocUnsafeSlow(roundedUp(sizeBytes));
    if (index >= 0) this.#keptBytes -= whole.length;
    return whole.subarray(0, sizeBytes);
  }

  /** Only once nothing reads from it any more: bytes still on their way would turn into another photo's. */
  giveBack(bytes: Buffer): void {
    const whole = Buffer.from(bytes.buffer);
    if (this.#keptBytes + whole.length > keptBytesMost) return;
    this.#keptBytes += whole.length;
    this.#kept.push(whole);
    this.#kept.sort((a, b) => a.length - b.length);
  }
}

/** A few sizes only, so that buffers fit again. */
function roundedUp(sizeBytes: number): number {
  let size = smallestBytes;
  while (size < sizeBytes) size *= 2;
  return size;
}
