import type { ByteSource } from "../../byte-source.ts";
import { viewOf } from "../../byte-source.ts";
import { Undecided, WindowReader } from "../window-reader.ts";
import { EntropyReader, PictureEndsEarly } from "./entropy-reader.ts";
import { isFrameMarker, jpegFrame, type FrameComponent, type JpegFrame } from "./jpeg-frame.ts";
import { jpegScan, type JpegScan } from "./jpeg-scan.ts";
import { JpegTables } from "./jpeg-tables.ts";
import type { Marks } from "./walk-block.ts";
import { walkScan } from "./walk-scan.ts";

const segmentsMost = 4096;
const scansMost = 100;

/** 16 MiB of marks, enough for progressive pictures of 40 to 80 megapixels. */
const markedBlocksMost = 2 * 1024 * 1024;

const [tablesMarker, scanMarker, quantizationMarker, intervalMarker] = [0xc4, 0xda, 0xdb, 0xdd];

/** These announce a scan that is still to come; what else is cut behind the first scan may be a trailer's. */
const announcing: ReadonlySet<number> = new Set([tablesMarker, scanMarker, quantizationMarker, intervalMarker]);

/**
 * Whether a JPEG without an end marker provably lacks a part of its picture: its Huffman-coded data is followed, and the
 * file ends before the last block of a scan, or before some component had one. A progressive picture that ends between two
 * scans counts as whole: no more bits need be sent.
 * @throws Undecided for a picture that cannot be followed
 */
export async function endsInPicture(source: ByteSource): Promise<boolean> {
  try {
    await new PictureWalk(source).toItsEnd();
    return false;
  } catch (error) {
    if (error instanceof PictureEndsEarly) return true;
    throw error;
  }
}

class PictureWalk {
  readonly #source: ByteSource;
  readonly #reader: WindowReader;
  readonly #tables = new JpegTables();
  readonly #shown = new Set<FrameComponent>();
  readonly #marks = new Map<FrameComponent, Marks>();
  #frame: JpegFrame | undefined;
  #scans = 0;

  constructor(source: ByteSource) {
    this.#source = source;
    this.#reader = new WindowReader(source, 4);
  }

  async toItsEnd(): Promise<void> {
    let offset: number | undefined = 2;
    for (let count = 0; count < segmentsMost; count += 1) {
      offset = await this.#segment(offset);
      if (offset === undefined) return;
    }
    throw new Undecided();
  }

  /** @returns where the next one begins; undefined at the end of the picture */
  async #segment(offset: number): Promise<number | undefined> {
    const head = await this.#reader.bytes(offset, 4);
    const [prefix, marker] = head;
    if (prefix !== undefined && prefix !== 0xff) throw new Undecided();
    if (marker === undefined) return this.#endOfFile();
    if (marker === 0xff) return offset + 1;
    const lengthBytes = head.length < 4 ? 2 : viewOf(head).getUint16(2);
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd9) || lengthBytes < 2) throw new Undecided();
    const end = offset + 2 + lengthBytes;
    if (head.length < 4 || end > this.#source.sizeBytes)
      throw announcing.has(marker) ? new PictureEndsEarly() : new Undecided();
    if (marker !== tablesMarker && marker !== scanMarker && marker !== intervalMarker && !isFrameMarker(marker))
      return end;
    return this.#apply(marker, await this.#reader.bytes(offset + 4, lengthBytes - 2), end);
  }

  async #apply(marker: number, content: Uint8Array, end: number): Promise<number | undefined> {
    if (marker === scanMarker) return this.#scan(content, end);
    if (marker === tablesMarker) this.#tables.define(content);
    else if (marker === intervalMarker) this.#tables.defineRestartInterval(content);
    else if (this.#frame) throw new Undecided();
    else this.#frame = jpegFrame(marker, content);
    return end;
  }

  async #scan(content: Uint8Array, start: number): Promise<number | undefined> {
    const frame = this.#frame;
    this.#scans += 1;
    if (!frame || this.#scans > scansMost) throw new Undecided();
    const scan = jpegScan(content, frame);
    if (!frame.isProgressive) this.#refuseSecond(scan);
    const reader = new EntropyReader(this.#source, start);
    const marks = (component: FrameComponent) => this.#marksOf(component);
    await walkScan({ frame, scan, tables: this.#tables, marks, reader });
    if (scan.first === 0) for (const { of } of scan.components) this.#shown.add(of);
    // What follows a sequential picture's last block is no part of it.
    return !frame.isProgressive && this.#isShown() ? undefined : reader.offset;
  }

  #refuseSecond({ components }: JpegScan): void {
    if (components.some(({ of }) => this.#shown.has(of))) throw new Undecided();
  }

  #isShown(): boolean {
    return this.#frame !== undefined && this.#frame.components.every((component) => this.#shown.has(component));
  }

  /** Between two segments. */
  #endOfFile(): undefined {
    if (!this.#isShown()) throw new PictureEndsEarly();
    return undefined;
  }

  #marksOf(component: FrameComponent): Marks {
    const known = this.#marks.get(component);
    if (known) return known;
    const blocks = component.blocksWide * component.blocksHigh;
    let marked = blocks;
    for (const marks of this.#marks.values()) marked += marks.length / 2;
    if (marked > markedBlocksMost) throw new Undecided();
    const marks = new Uint32Array(2 * blocks);
    this.#marks.set(component, marks);
    return marks;
  }
}
