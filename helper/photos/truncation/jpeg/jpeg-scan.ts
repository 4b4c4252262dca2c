import { Undecided } from "../window-reader.ts";
import type { FrameComponent, JpegFrame } from "./jpeg-frame.ts";

/** A scan's header: which components it has, and of each block which coefficients and bits. */
export interface JpegScan {
  components: { of: FrameComponent; dcTable: number; acTable: number }[];
  /** First and last coefficient of each block, 0 to 63. */
  first: number;
  last: number;
  /** Whether it adds a bit to coefficients that earlier scans began. */
  isRefining: boolean;
}

const blocksAnMcuMost = 10;

/** @param content a scan header behind its length @throws Undecided for one that fits no such frame */
export function jpegScan(content: Uint8Array, frame: JpegFrame): JpegScan {
  const [count = 0] = content;
  if (count < 1 || count > 4 || content.length !== 4 + 2 * count) throw new Undecided();
  const components = Array.from({ length: count }, (_, index) => {
    const [id, tables = 0] = content.subarray(1 + 2 * index);
    const of = frame.components.find((component) => component.id === id);
    if (!of) throw new Undecided();
    return { of, dcTable: tables >> 4, acTable: tables & 15 };
  });
  const blocks = components.reduce((sum, { of }) => sum + of.across * of.down, 0);
  const isTwice = new Set(components.map(({ of }) => of)).size < count;
  if (isTwice || (count > 1 && blocks > blocksAnMcuMost)) throw new Undecided();
  if (!frame.isProgressive) return { components, first: 0, last: 63, isRefining: false };
  const [first = 0, last = 0, bits = 0] = content.subarray(1 + 2 * count);
  const isOfDc = first === 0 && last === 0;
  const isOfAc = first > 0 && last >= first && last <= 63 && count === 1;
  if (!isOfDc && !isOfAc) throw new Undecided();
  return { components, first, last, isRefining: bits >> 4 > 0 };
}
