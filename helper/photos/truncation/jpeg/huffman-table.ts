import { Undecided } from "../window-reader.ts";

export const codeBitsMost = 16;

/** A JPEG's Huffman table: codes of one length are successive numbers, so the largest of each length is all it takes. */
export interface HuffmanTable {
  /** By length in bits: the largest code of that length, or -1. */
  largestCodes: Int32Array;
  /** By length: what to add to a code to find its symbol. */
  offsets: Int32Array;
  symbols: Uint8Array;
}

/** @param counts how many codes there are of 1 to 16 bits @throws Undecided for codes that cannot be told apart */
export function huffmanTable(counts: Uint8Array, symbols: Uint8Array): HuffmanTable {
  const largestCodes = new Int32Array(codeBitsMost + 1).fill(-1);
  const offsets = new Int32Array(codeBitsMost + 1);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= codeBitsMost; length += 1) {
    const count = counts[length - 1] ?? 0;
    offsets[length] = index - code;
    code += count;
    index += count;
    if (code > 1 << length) throw new Undecided();
    if (count > 0) largestCodes[length] = code - 1;
    code <<= 1;
  }
  return { largestCodes, offsets, symbols };
}
