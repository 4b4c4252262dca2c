import { byteSourceOf, limitSource, type ByteSource } from "./byte-source.ts";
import { exifTime } from "./exif-time.ts";
import { findExifBlock } from "./find-exif-block.ts";
import { movieTime } from "./movie-time.ts";
import { normalizeTime } from "./normalize-time.ts";
import type { PhotoKind } from "./photo-formats.ts";

/** What one file may cost us at most, whatever it claims about itself. */
const limits = { maxReads: 2048, maxBytes: 20 * 1024 * 1024 };

/**
 * When a photo or video was taken: "2024-05-01T12:34:56", with "+02:00" where the offset from UTC is known, in plain
 * ASCII. Undefined where the file does not say, says nonsense or cannot be read; never rejects.
 * Reads the head of a file and the few places it points to, at most 20 MiB and seldom more than a few kB. `content` is the whole file, or a source of it.
 */
export async function readCaptureTime(content: Uint8Array | ByteSource, kind: PhotoKind): Promise<string | undefined> {
  if (kind === "sidecar") return undefined;
  const source = limitSource(byteSourceOf(content), limits);
  try {
    const text = kind === "video" ? await movieTime(source) : await photoTime(source);
    return text === undefined ? undefined : normalizeTime(text);
  } catch {
    // Broken metadata is no reason not to back a photo up: it only goes without its date.
    return undefined;
  }
}

async function photoTime(source: ByteSource): Promise<string | undefined> {
  const block = await findExifBlock(source);
  return block && exifTime(block);
}
