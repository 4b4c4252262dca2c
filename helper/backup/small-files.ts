import { closeSync, openSync, readSync } from "node:fs";
import { performance } from "node:perf_hooks";
import type { OpenFile } from "./file-system.ts";

/** A quarter of a megabyte comes from any disk in a few milliseconds. */
export const smallFileBytesMost = 256 * 1024;

/** A disk that lets us wait longer than this is left to another thread for a while. */
const slowMs = 20;
const avoidMs = 10_000;

/**
 * Small files, read without handing their reading to other threads: from a disk that has them ready it takes 0.03 ms,
 * handing it over and back 0.3 ms, in which nothing else is done.
 */
export class SmallFiles {
  readonly #now: () => number;
  #avoidedUntil = -Infinity;

  /** @param now milliseconds of a clock that nobody sets */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** Whether the disk has answered at once of late. */
  get areQuick(): boolean {
    return this.#now() >= this.#avoidedUntil;
  }

  open(path: string, flags: number): OpenFile {
    const fd = this.#timed(() => openSync(path, flags));
    return {
      fd,
      read: async (buffer, offset, lengthBytes, position) => ({
        bytesRead: this.#timed(() => readSync(fd, buffer, offset, lengthBytes, position)),
      }),
      close: async () => closeSync(fd),
    };
  }

  #timed<Result>(operation: () => Result): Result {
    const startedAt = this.#now();
    try {
      return operation();
    } finally {
      const endedAt = this.#now();
      if (endedAt - startedAt > slowMs) this.#avoidedUntil = endedAt + avoidMs;
    }
  }
}
