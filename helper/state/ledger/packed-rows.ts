const pageRows = 512;
const floatsPerRow = 5;
const takenAtBytes = 32;
const bytesPerRow = 1 + 32 + 16 + takenAtBytes;

/** Columns of numbers; NaN stands for "absent", which no valid entry holds. */
export const columns = { size: 0, mtimeMs: 1, ctimeMs: 2, inode: 3, uploadedAt: 4 } as const;
export type Column = keyof typeof columns;

/** Bits of a row's flags. `odd`: the entry is kept as text elsewhere, since it does not fit a row. */
export const flags = { sha256: 1, etag: 2, uploaded: 4, found: 8, odd: 16 } as const;

/** Where a row keeps its bytes: flags, 32 bytes of sha256, 16 of the ETag, a length and up to 31 characters of takenAt. */
export const places = { flags: 0, sha256: 1, etag: 33, takenAt: 49 } as const;
export const takenAtMost = takenAtBytes - 1;

interface Page {
  floats: Float64Array;
  bytes: Buffer;
  keys: Uint32Array;
}

/**
 * A table of fixed rows outside the garbage-collected heap, growing a page at a time so that nothing is copied. 129 bytes
 * a row, where an entry as an object with its strings takes about 500.
 */
export class PackedRows {
  readonly #pages: Page[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(): number {
    if (this.#count === this.#pages.length * pageRows) this.#pages.push(newPage());
    this.#count += 1;
    return this.#count - 1;
  }

  number(row: number, column: Column): number {
    return this.#page(row).floats[(row % pageRows) * floatsPerRow + columns[column]] as number;
  }

  setNumber(row: number, column: Column, value: number): void {
    this.#page(row).floats[(row % pageRows) * floatsPerRow + columns[column]] = value;
  }

  /** The bytes of a row's page; the row's own begin at `offsetOf(row)`. */
  bytesOf(row: number): Buffer {
    return this.#page(row).bytes;
  }

  offsetOf(row: number): number {
    return (row % pageRows) * bytesPerRow;
  }

  /** The key: a beginning that many rows share, by number, and the character of the path at which the rest begins. */
  keyOf(row: number): { beginning: number; cut: number } {
    const { keys } = this.#page(row);
    const at = (row % pageRows) * 2;
    return { beginning: keys[at] as number, cut: keys[at + 1] as number };
  }

  setKey(row: number, beginning: number, cut: number): void {
    const { keys } = this.#page(row);
    const at = (row % pageRows) * 2;
    keys[at] = beginning;
    keys[at + 1] = cut;
  }

  #page(row: number): Page {
    return this.#pages[Math.floor(row / pageRows)] as Page;
  }
}

function newPage(): Page {
  return {
    floats: new Float64Array(pageRows * floatsPerRow),
    bytes: Buffer.alloc(pageRows * bytesPerRow),
    keys: new Uint32Array(pageRows * 2),
  };
}
