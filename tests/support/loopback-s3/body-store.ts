import { closeSync, createReadStream, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { KeepBodies } from "./loopback-options.ts";

/** One received body, or one part of a multipart object. Neither bytes nor file when only hashes are kept. */
export interface Segment {
  sizeBytes: number;
  bytes?: Buffer;
  /** A file's name inside the store's folder. */
  file?: string;
}

export interface SegmentWriter {
  write(chunk: Buffer): void;
  finish(): Segment;
  discard(): void;
}

/** Keeps bodies in memory, as files, or not at all. Nothing it holds is visible before an object points to it. */
export class BodyStore {
  readonly #keep: KeepBodies;
  readonly #dir: string | undefined;
  #nextNumber = 1;
  readonly #run = Date.now().toString(36);

  constructor(keep: KeepBodies, dir: string | undefined) {
    this.#keep = keep;
    this.#dir = dir;
    if (dir) mkdirSync(join(dir, "bodies"), { recursive: true });
  }

  writer(): SegmentWriter {
    if (this.#keep === "disk") return this.#fileWriter();
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    return {
      write: (chunk) => {
        sizeBytes += chunk.length;
        if (this.#keep === "memory") chunks.push(chunk);
      },
      finish: () => (this.#keep === "memory" ? { sizeBytes, bytes: Buffer.concat(chunks) } : { sizeBytes }),
      discard: () => undefined,
    };
  }

  #fileWriter(): SegmentWriter {
    const file = join("bodies", `${this.#run}-${this.#nextNumber++}`);
    const descriptor = openSync(this.#path(file), "wx");
    let sizeBytes = 0;
    return {
      write: (chunk) => {
        sizeBytes += chunk.length;
        writeSync(descriptor, chunk);
      },
      finish: () => {
        closeSync(descriptor);
        return { sizeBytes, file };
      },
      discard: () => {
        closeSync(descriptor);
        rmSync(this.#path(file), { force: true });
      },
    };
  }

  remove(segments: readonly Segment[]): void {
    for (const { file } of segments) if (file) rmSync(this.#path(file), { force: true });
  }

  /** Whether the bytes were kept, not only their hashes. */
  keepsBytes(): boolean {
    return this.#keep !== "hash-only";
  }

  /**
   * Bytes `start` to `end` (exclusive) of the joined segments.
   * @throws Error when only hashes were kept
   */
  async *read(segments: readonly Segment[], start: number, end: number): AsyncGenerator<Buffer> {
    let offset = 0;
    for (const segment of segments) {
      const from = Math.max(start - offset, 0);
      const to = Math.min(end - offset, segment.sizeBytes);
      offset += segment.sizeBytes;
      if (from < to) yield* this.#readSegment(segment, from, to);
    }
  }

  async *#readSegment(segment: Segment, from: number, to: number): AsyncGenerator<Buffer> {
    if (segment.bytes) yield segment.bytes.subarray(from, to);
    else if (!segment.file) throw new Error("This store keeps hashes only, not bodies.");
    else if (segment.sizeBytes <= 1024 * 1024) yield readFileSync(this.#path(segment.file)).subarray(from, to);
    else yield* createReadStream(this.#path(segment.file), { start: from, end: to - 1, highWaterMark: 1024 * 1024 });
  }

  #path(file: string): string {
    if (!this.#dir) throw new Error("A store on disk needs a folder");
    return join(this.#dir, file);
  }
}
