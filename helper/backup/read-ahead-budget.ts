/** Bytes of photos that may be held in memory at once, the one on the wire included. */
export const readAheadBytesMost = 16 * 1024 * 1024;

/** Hands out a fixed number of bytes in the order asked for; a photo larger than all of it waits to be alone. */
export class ReadAheadBudget {
  #freeBytes: number;
  readonly #mostBytes: number;
  readonly #waiting: { bytes: number; grant: () => void }[] = [];

  constructor(mostBytes: number = readAheadBytesMost) {
    this.#mostBytes = mostBytes;
    this.#freeBytes = mostBytes;
  }

  /** @returns a function that gives the bytes back */
  async take(sizeBytes: number): Promise<() => void> {
    const bytes = Math.min(sizeBytes, this.#mostBytes);
    if (this.#waiting.length > 0 || bytes > this.#freeBytes) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#waiting.push({ bytes, grant: resolve });
      await promise;
    } else {
      this.#freeBytes -= bytes;
    }
    return () => this.#give(bytes);
  }

  #give(bytes: number): void {
    this.#freeBytes += bytes;
    for (let next = this.#waiting[0]; next && next.bytes <= this.#freeBytes; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#freeBytes -= next.bytes;
      next.grant();
    }
  }
}
