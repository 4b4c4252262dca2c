import { setImmediate } from "node:timers/promises";
import type { EntropyReader } from "./entropy-reader.ts";
import type { FrameComponent, JpegFrame } from "./jpeg-frame.ts";
import type { JpegScan } from "./jpeg-scan.ts";
import type { JpegTables } from "./jpeg-tables.ts";
import { BandWalker, walkFirstDc, walkWholeBlock, type Marks } from "./walk-block.ts";

/** A few milliseconds of work: then all else has its turn. */
const blocksATurn = 4096;

interface ScanParts {
  frame: JpegFrame;
  scan: JpegScan;
  tables: JpegTables;
  /** Of the scan's component, where the picture is progressive. */
  marks: (component: FrameComponent) => Marks;
  reader: EntropyReader;
}

/** Goes over one block of a component. @param index of the block, where the scan has one component */
type BlockWalk = (index: number) => void;

/** Goes through a scan to its last MCU. @throws PictureEndsEarly, or Undecided for data that cannot be followed */
export async function walkScan(parts: ScanParts): Promise<void> {
  const { reader, tables } = parts;
  const { blocks, restart } = mcuOf(parts);
  const mcus = mcusOf(parts);
  const interval = tables.restartInterval || mcus;
  const mcusATurn = Math.ceil(blocksATurn / blocks.length);
  for (let index = 0; index < mcus; index += 1) {
    if (reader.isLow) await reader.refill();
    if (index % mcusATurn === mcusATurn - 1) await setImmediate();
    if (index > 0 && index % interval === 0) {
      reader.restart((index / interval - 1) % 8);
      restart?.();
    }
    for (const walk of blocks) walk(index);
  }
}

function mcusOf({ frame, scan }: ScanParts): number {
  const [only, ...others] = scan.components;
  // A component by itself has one block a MCU, and none beyond its own edge.
  if (only && others.length === 0) return only.of.blocksWide * only.of.blocksHigh;
  return frame.mcusWide * frame.mcusHigh;
}

/** What is gone over in each MCU, and at each restart marker. */
function mcuOf(parts: ScanParts): { blocks: BlockWalk[]; restart?: () => void } {
  const { frame, scan, tables, marks, reader } = parts;
  const { components, isRefining, first, last } = scan;
  const [only] = components;
  if (frame.isProgressive && first > 0 && only) {
    const walker = new BandWalker(reader, tables.ac(only.acTable), { first, last, marks: marks(only.of) });
    const walk = (index: number) => (isRefining ? walker.walkRefinement(index) : walker.walkFirst(index));
    return { blocks: [walk], restart: () => walker.restart() };
  }
  const blocks = components.flatMap((component) => {
    const { across, down } = component.of;
    const walk = blockWalk(component, parts);
    return Array.from({ length: components.length === 1 ? 1 : across * down }, () => walk);
  });
  return { blocks };
}

function blockWalk({ dcTable, acTable }: JpegScan["components"][number], parts: ScanParts): BlockWalk {
  const { frame, scan, tables, reader } = parts;
  if (scan.isRefining) return () => void reader.bits(1);
  const dc = tables.dc(dcTable);
  if (frame.isProgressive) return () => walkFirstDc(reader, dc);
  const ac = tables.ac(acTable);
  return () => walkWholeBlock(reader, dc, ac);
}
