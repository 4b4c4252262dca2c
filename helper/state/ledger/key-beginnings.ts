/**
 * Keys end as their photos' paths do: `photos/Pictures/2024/1.jpg` for `/Users/me/Pictures/2024/1.jpg`. So a key is kept as
 * its beginning, which nearly all photos share, and the place in the path from which on the two are the same.
 */
export class KeyBeginnings {
  readonly #texts: string[] = [];
  readonly #numbers = new Map<string, number>();
  #lastNumber = -1;
  #lastBytes = Buffer.alloc(0);

  text(number: number): string {
    return this.#texts[number] as string;
  }

  /** `text(beginning) + path.slice(cut)` is the key again. */
  split(path: string, key: string): { beginning: number; cut: number } {
    let same = 0;
    const sameMost = Math.min(path.length, key.length);
    let fromSlash = 0;
    while (same < sameMost && path.charCodeAt(path.length - 1 - same) === key.charCodeAt(key.length - 1 - same)) {
      same += 1;
      if (key.charCodeAt(key.length - same) === slash) fromSlash = same;
    }
    return { beginning: this.#numberOf(key.slice(0, key.length - fromSlash)), cut: path.length - fromSlash };
  }

  /** The number of a beginning given as bytes, which most often are those of the key before. */
  numberOfBytes(bytes: Buffer, start: number, end: number): number {
    if (this.#lastNumber >= 0 && this.#lastBytes.compare(bytes, start, end) === 0) return this.#lastNumber;
    this.#lastNumber = this.#numberOf(bytes.toString("latin1", start, end));
    this.#lastBytes = Buffer.from(bytes.subarray(start, end));
    return this.#lastNumber;
  }

  #numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }
}

const slash = 0x2f;
