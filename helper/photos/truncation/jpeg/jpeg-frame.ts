import { viewOf } from "../../byte-source.ts";
import { Undecided } from "../window-reader.ts";

export interface FrameComponent {
  id: number;
  /** Blocks a MCU has of it, across and down, in a scan of several components. */
  across: number;
  down: number;
  /** Blocks it has by itself. */
  blocksWide: number;
  blocksHigh: number;
}

export interface JpegFrame {
  isProgressive: boolean;
  mcusWide: number;
  mcusHigh: number;
  components: FrameComponent[];
}

/** Huffman-coded pictures of blocks. Lossless, hierarchical and arithmetic-coded ones are rare and not walked through. */
const [baseline, extended, progressive] = [0xc0, 0xc1, 0xc2];

export function isFrameMarker(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** @param content a frame header behind its length @throws Undecided for a form that we do not walk through */
export function jpegFrame(marker: number, content: Uint8Array): JpegFrame {
  if (marker !== baseline && marker !== extended && marker !== progressive) throw new Undecided();
  const view = viewOf(content);
  if (content.length < 6) throw new Undecided();
  const [heightPixels, widthPixels, count] = [view.getUint16(1), view.getUint16(3), view.getUint8(5)];
  // Without a height it comes behind the first scan.
  if (heightPixels === 0 || widthPixels === 0 || count === 0 || count > 4) throw new Undecided();
  if (content.length !== 6 + 3 * count) throw new Undecided();
  const sampled = Array.from({ length: count }, (_, index) => sampling(content.subarray(6 + 3 * index)));
  const acrossMost = Math.max(...sampled.map(({ across }) => across));
  const downMost = Math.max(...sampled.map(({ down }) => down));
  return {
    isProgressive: marker === progressive,
    mcusWide: Math.ceil(widthPixels / (8 * acrossMost)),
    mcusHigh: Math.ceil(heightPixels / (8 * downMost)),
    components: sampled.map((component) => ({
      ...component,
      blocksWide: Math.ceil(Math.ceil((widthPixels * component.across) / acrossMost) / 8),
      blocksHigh: Math.ceil(Math.ceil((heightPixels * component.down) / downMost) / 8),
    })),
  };
}

function sampling([id = 0, factors = 0]: Uint8Array) {
  const [across, down] = [factors >> 4, factors & 15];
  if (across < 1 || across > 4 || down < 1 || down > 4) throw new Undecided();
  return { id, across, down };
}
