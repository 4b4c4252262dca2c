import { Undecided } from "../window-reader.ts";
import type { EntropyReader } from "./entropy-reader.ts";
import type { HuffmanTable } from "./huffman-table.ts";

/** All of one block in a sequential picture. */
export function walkWholeBlock(reader: EntropyReader, dc: HuffmanTable, ac: HuffmanTable): void {
  walkFirstDc(reader, dc);
  for (let at = 1; at < 64;) {
    const symbol = reader.symbol(ac);
    const [zeros, bits] = [symbol >> 4, symbol & 15];
    if (bits === 0 && zeros < 15) return;
    at += zeros + 1;
    if (at > 64) throw new Undecided();
    reader.bits(bits);
  }
}

export function walkFirstDc(reader: EntropyReader, dc: HuffmanTable): void {
  const bits = reader.symbol(dc);
  if (bits > 16) throw new Undecided();
  reader.bits(bits);
}

/** Where a progressive picture's block has coefficients that are not zero: two words of 32, by block. */
export type Marks = Uint32Array;

interface Band {
  first: number;
  last: number;
  marks: Marks;
}

/** The coefficients of one band of a progressive picture's blocks, block after block. */
export class BandWalker {
  readonly #reader: EntropyReader;
  readonly #ac: HuffmanTable;
  readonly #band: Band;
  /** Blocks to come, this one among them, that have nothing new in this band. */
  #emptyBlocks = 0;

  constructor(reader: EntropyReader, ac: HuffmanTable, band: Band) {
    this.#reader = reader;
    this.#ac = ac;
    this.#band = band;
  }

  restart(): void {
    this.#emptyBlocks = 0;
  }

  /** A block's first bits of these coefficients. */
  walkFirst(block: number): void {
    const { first, last } = this.#band;
    for (let at = first; this.#emptyBlocks === 0 && at <= last; at += 1) {
      const symbol = this.#reader.symbol(this.#ac);
      const [zeros, bits] = [symbol >> 4, symbol & 15];
      if (bits === 0 && zeros < 15) this.#beginEmpty(zeros);
      else at += zeros;
      if (bits === 0) continue;
      this.#mark(block, at);
      this.#reader.bits(bits);
    }
    if (this.#emptyBlocks > 0) this.#emptyBlocks -= 1;
  }

  /** One more bit of each coefficient that is not zero, and those that only now are not. */
  walkRefinement(block: number): void {
    const { first, last } = this.#band;
    let at = first;
    for (; this.#emptyBlocks === 0 && at <= last; at += 1) {
      const symbol = this.#reader.symbol(this.#ac);
      const [zeros, bits] = [symbol >> 4, symbol & 15];
      if (bits > 1) throw new Undecided();
      if (bits === 0 && zeros < 15) {
        this.#beginEmpty(zeros);
        break;
      }
      this.#reader.bits(bits);
      at = this.#refine(block, at, zeros);
      if (bits > 0) this.#mark(block, at);
    }
    if (this.#emptyBlocks === 0) return;
    if (!this.#isUnmarked(block)) this.#refine(block, at, 64);
    this.#emptyBlocks -= 1;
  }

  /** Goes over so many zeros and the bits of all else on the way. @returns the place behind, at most one past the band */
  #refine(block: number, from: number, zeros: number): number {
    let left = zeros;
    let at = from;
    for (; at <= this.#band.last; at += 1) {
      if (this.#isMarked(block, at)) this.#reader.bits(1);
      else if (left === 0) break;
      else left -= 1;
    }
    return at;
  }

  #beginEmpty(lengthBits: number): void {
    this.#emptyBlocks = (1 << lengthBits) + this.#reader.bits(lengthBits);
  }

  #mark(block: number, at: number): void {
    if (at > this.#band.last) throw new Undecided();
    const word = 2 * block + (at >> 5);
    this.#band.marks[word] = (this.#band.marks[word] ?? 0) | (1 << (at & 31));
  }

  #isUnmarked(block: number): boolean {
    const { marks } = this.#band;
    return marks[2 * block] === 0 && marks[2 * block + 1] === 0;
  }

  #isMarked(block: number, at: number): boolean {
    return ((this.#band.marks[2 * block + (at >> 5)] ?? 0) & (1 << (at & 31))) !== 0;
  }
}
