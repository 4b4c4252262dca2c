import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createGzip } from "node:zlib";
import type { CatalogueHeader } from "./catalogue-header.ts";

export interface PackedPiece {
  bytes: Buffer;
  sha256Hex: string;
}

/** Lines joined before they go to the compressor: many small writes cost more than the compressing. */
const batchChars = 64 * 1024;

/**
 * A piece as it is stored: header, one line a photo, end; gzipped as a stream, so that only the packed bytes are held.
 * @param lines exactly `header.count`, without newlines
 */
export async function packPiece(header: CatalogueHeader, lines: Iterable<string>): Promise<PackedPiece> {
  const hash = createHash("sha256");
  const chunks: Buffer[] = [];
  for await (const chunk of Readable.from(batches(header, lines)).pipe(createGzip())) {
    hash.update(chunk as Buffer);
    chunks.push(chunk as Buffer);
  }
  return { bytes: Buffer.concat(chunks), sha256Hex: hash.digest("hex") };
}

function* batches(header: CatalogueHeader, lines: Iterable<string>): Generator<Buffer> {
  let batch = `${JSON.stringify(header)}\n`;
  for (const line of lines) {
    batch += `${line}\n`;
    if (batch.length < batchChars) continue;
    yield Buffer.from(batch);
    batch = "";
  }
  yield Buffer.from(`${batch}${JSON.stringify({ end: true, count: header.count })}\n`);
}
