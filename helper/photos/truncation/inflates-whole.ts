import { createInflate } from "node:zlib";
import { pipeline } from "node:stream/promises";
import { Undecided } from "./window-reader.ts";

/** More than any picture holds; what unpacks to more is no photo to be judged. */
const unpackedBytesMost = 4 * 1024 ** 3;

/**
 * Whether zlib data comes to its own end, checksum included; false only where it stops before. @throws Undecided where it
 * is damaged, which is another thing than cut off
 */
export async function inflatesWhole(packed: AsyncIterable<Uint8Array>): Promise<boolean> {
  let unpackedBytes = 0;
  try {
    await pipeline(packed, createInflate(), async (unpacked: AsyncIterable<Uint8Array>) => {
      for await (const some of unpacked) {
        unpackedBytes += some.length;
        if (unpackedBytes > unpackedBytesMost) throw new Undecided();
      }
    });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "Z_BUF_ERROR") return false;
    if (error instanceof Error && "code" in error && /^Z_/.test(String(error.code))) throw new Undecided();
    throw error;
  }
}
