import { viewOf } from "../../byte-source.ts";
import { Undecided } from "../window-reader.ts";
import { huffmanTable, type HuffmanTable } from "./huffman-table.ts";

/** What is in force when a scan begins. */
export class JpegTables {
  readonly #dc: (HuffmanTable | undefined)[] = [];
  readonly #ac: (HuffmanTable | undefined)[] = [];
  /** MCUs between two restart markers; 0 for none. */
  restartInterval = 0;

  /** @param content a DHT segment behind its length */
  define(content: Uint8Array): void {
    for (let at = 0; at < content.length;) {
      const target = content[at] ?? 0;
      const counts = content.subarray(at + 1, at + 17);
      const total = counts.reduce((sum, count) => sum + count, 0);
      if (at + 17 + total > content.length || target > 0x1f || (target & 15) > 3) throw new Undecided();
      // A copy: the bytes are the source's own.
      const symbols = content.slice(at + 17, at + 17 + total);
      (target >> 4 === 0 ? this.#dc : this.#ac)[target & 15] = huffmanTable(counts, symbols);
      at += 17 + total;
    }
  }

  /** @param content a DRI segment behind its length */
  defineRestartInterval(content: Uint8Array): void {
    if (content.length !== 2) throw new Undecided();
    this.restartInterval = viewOf(content).getUint16(0);
  }

  /** @throws Undecided without such a table */
  dc(index: number): HuffmanTable {
    return this.#dc[index] ?? undecided();
  }

  ac(index: number): HuffmanTable {
    return this.#ac[index] ?? undecided();
  }
}

function undecided(): never {
  throw new Undecided();
}
