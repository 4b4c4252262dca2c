import type { ByteSource } from "../../byte-source.ts";
import { Undecided } from "../window-reader.ts";
import { codeBitsMost, type HuffmanTable } from "./huffman-table.ts";

/** The file ended where the picture's data had to go on. */
export class PictureEndsEarly extends Error {}

const blockBytes = 256 * 1024;

/** More than the longest MCU: 10 blocks of 64 coefficients of 32 bits, each byte stuffed, and a restart marker. */
const mcuBytesMost = 8 * 1024;

/** The bits of a scan: stuffed zeros taken out, and never past a marker. Only `refill` waits; all else is for tight loops. */
export class EntropyReader {
  readonly #source: ByteSource;
  #block: Uint8Array = new Uint8Array(0);
  #blockStart: number;
  #at = 0;
  #isLastBlock = false;
  #bits = 0;
  #bitCount = 0;

  constructor(source: ByteSource, start: number) {
    this.#source = source;
    this.#blockStart = start;
  }

  /** Whether `refill` must be called before the next MCU. */
  get isLow(): boolean {
    return !this.#isLastBlock && this.#block.length - this.#at < mcuBytesMost;
  }

  /** Where in the file the next byte lies that was not looked at. */
  get offset(): number {
    return this.#blockStart + this.#at;
  }

  async refill(): Promise<void> {
    const start = this.offset;
    const wantedBytes = Math.min(blockBytes, this.#source.sizeBytes - start);
    this.#block = wantedBytes > 0 ? await this.#source.readAt(start, wantedBytes) : new Uint8Array(0);
    if (this.#block.length < wantedBytes) throw new Undecided();
    this.#blockStart = start;
    this.#at = 0;
    this.#isLastBlock = start + wantedBytes === this.#source.sizeBytes;
  }

  /** The next symbol. @throws PictureEndsEarly, or Undecided for bits that are none or where a marker stands */
  symbol({ largestCodes, offsets, symbols }: HuffmanTable): number {
    this.#fill();
    const missingBits = codeBitsMost - this.#bitCount;
    const padded = missingBits > 0 ? this.#bits << missingBits : this.#bits >>> -missingBits;
    for (let length = 1; length <= codeBitsMost; length += 1) {
      const code = (padded & 0xffff) >>> (codeBitsMost - length);
      if (code > (largestCodes[length] ?? -1)) continue;
      this.#take(length);
      return symbols[code + (offsets[length] ?? 0)] ?? 0;
    }
    throw new Undecided();
  }

  /** The next bits as a number, at most 16 of them. @throws PictureEndsEarly, Undecided */
  bits(count: number): number {
    if (count === 0) return 0;
    if (this.#bitCount < count) this.#fill();
    this.#take(count);
    return (this.#bits >>> this.#bitCount) & ((1 << count) - 1);
  }

  /** Goes over the restart marker of this number, 0 to 7. @throws PictureEndsEarly, Undecided where another thing stands */
  restart(number: number): void {
    this.#bitCount = 0;
    while (this.#block[this.#at] === 0xff && this.#block[this.#at + 1] === 0xff) this.#at += 1;
    const prefix = this.#block[this.#at];
    const marker = this.#block[this.#at + 1];
    if (prefix === undefined || (prefix === 0xff && marker === undefined)) this.#endOfBlock();
    if (prefix !== 0xff || marker !== 0xd0 + number) throw new Undecided();
    this.#at += 2;
  }

  #take(count: number): void {
    if (this.#bitCount < count) {
      if (this.#at < this.#block.length) throw new Undecided();
      this.#endOfBlock();
    }
    this.#bitCount -= count;
  }

  #endOfBlock(): never {
    throw this.#isLastBlock ? new PictureEndsEarly() : new Undecided();
  }

  /** Makes it at least 16 bits, fewer only before a marker and at the end of the file. */
  #fill(): void {
    while (this.#bitCount < codeBitsMost && this.#at < this.#block.length) {
      const byte = this.#block[this.#at] ?? 0;
      if (byte === 0xff) {
        const next = this.#block[this.#at + 1];
        // The file's very last byte may be data whose zero is missing, or a marker's first half. In doubt it is data.
        if (next !== 0 && !(next === undefined && this.#isLastBlock)) return;
        this.#at += 1;
      }
      this.#at = Math.min(this.#at + 1, this.#block.length);
      this.#bits = (this.#bits << 8) | byte;
      this.#bitCount += 8;
    }
  }
}
