/** A file's bytes, wherever they are: an open file, or a buffer already read. */
export interface ByteSource {
  sizeBytes: number;
  /** The bytes from `offset` on; fewer than `lengthBytes` only where the file ends. May reuse its memory at the next call. */
  readAt(offset: number, lengthBytes: number): Promise<Uint8Array>;
}

/** A source over bytes in memory; nothing is copied. */
export function byteSourceOf(content: Uint8Array | ByteSource): ByteSource {
  if (!(content instanceof Uint8Array)) return content;
  return {
    sizeBytes: content.length,
    readAt: async (offset, lengthBytes) => content.subarray(offset, Math.min(content.length, offset + lengthBytes)),
  };
}

/**
 * The same source with an end to what it delivers. A hostile file can send a reader from box to box for hours: past
 * `maxReads` or `maxBytes` every read throws a RangeError, as does one outside the file.
 */
export function limitSource(
  source: ByteSource,
  { maxReads, maxBytes }: { maxReads: number; maxBytes: number },
): ByteSource {
  let reads = 0;
  let bytes = 0;
  return {
    sizeBytes: source.sizeBytes,
    readAt: async (offset, lengthBytes) => {
      reads += 1;
      bytes += lengthBytes;
      if (reads > maxReads || bytes > maxBytes) throw new RangeError("too many reads");
      if (!(offset >= 0 && offset < source.sizeBytes && lengthBytes >= 0))
        throw new RangeError("read outside the file");
      return source.readAt(offset, lengthBytes);
    },
  };
}

/** A DataView over the same memory. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Four or more bytes as text, one character a byte. */
export function asciiAt(bytes: Uint8Array, offset: number, lengthBytes: number): string {
  return String.fromCharCode(...bytes.subarray(offset, offset + lengthBytes));
}
