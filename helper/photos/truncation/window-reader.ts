import type { ByteSource } from "../byte-source.ts";

/** Nothing can be said for certain, so the file counts as whole: when in doubt, back up. */
export class Undecided extends Error {}

/** Reads a source in blocks, so that a walk in small steps costs few reads. */
export class WindowReader {
  readonly sizeBytes: number;
  readonly #source: ByteSource;
  readonly #blockBytes: number;
  #block: Uint8Array = new Uint8Array(0);
  #blockStart = 0;

  constructor(source: ByteSource, blockBytes: number) {
    this.sizeBytes = source.sizeBytes;
    this.#source = source;
    this.#blockBytes = blockBytes;
  }

  /**
   * @returns these bytes, fewer only where the file ends
   * @throws Undecided when the source gives fewer than the file should have
   */
  async bytes(offset: number, lengthBytes: number): Promise<Uint8Array> {
    const wantedBytes = Math.max(0, Math.min(lengthBytes, this.sizeBytes - offset));
    const at = offset - this.#blockStart;
    if (at >= 0 && at + wantedBytes <= this.#block.length) return this.#block.subarray(at, at + wantedBytes);
    this.#block = await this.#source.readAt(offset, Math.max(wantedBytes, this.#blockBytes));
    this.#blockStart = offset;
    if (this.#block.length < wantedBytes) throw new Undecided();
    return this.#block.subarray(0, wantedBytes);
  }
}
