import { asciiAt, type ByteSource } from "../byte-source.ts";
import type { PhotoKind } from "../photo-formats.ts";
import { isTruncatedGif } from "./truncated-gif.ts";
import { isTruncatedIsoMedia } from "./truncated-iso-media.ts";
import { isTruncatedJpeg } from "./truncated-jpeg.ts";
import { isTruncatedPng } from "./truncated-png.ts";
import { isTruncatedRiff } from "./truncated-riff.ts";
import { isTruncatedTiff } from "./truncated-tiff.ts";
import { Undecided } from "./window-reader.ts";

/**
 * Whether a file provably ends too early, in the format that its first bytes show, whatever its name says. A whole file
 * costs a few reads of some bytes; one that nobody can judge counts as whole. Rejects only where the source does.
 */
export async function isTruncated(source: ByteSource, kind: PhotoKind): Promise<boolean> {
  const signature = asciiAt(await source.readAt(0, Math.min(12, source.sizeBytes)), 0, 12);
  const judge = judgeOf(signature, kind);
  if (!judge) return false;
  try {
    return await judge(source);
  } catch (error) {
    if (error instanceof Undecided) return false;
    throw error;
  }
}

function judgeOf(signature: string, kind: PhotoKind): ((source: ByteSource) => Promise<boolean>) | undefined {
  if (signature.slice(4, 8) === "ftyp") return isTruncatedIsoMedia;
  // Raw formats begin like a TIFF or a JPEG and go on as their makers like; a sidecar may be anything.
  if (kind === "raw" || kind === "sidecar") return undefined;
  if (signature.startsWith("\xff\xd8\xff")) return isTruncatedJpeg;
  if (signature.startsWith("\x89PNG\r\n\x1a\n")) return isTruncatedPng;
  if (/^GIF8[79]a/.test(signature)) return isTruncatedGif;
  if (/^RIFF[^]{4}(WEBP|AVI )/.test(signature)) return isTruncatedRiff;
  if (/^(II[*+]\0|MM\0[*+])/.test(signature)) return isTruncatedTiff;
  // QuickTime of before 2001 has no `ftyp`.
  if (kind === "video" && /^[^]{4}(moov|mdat|wide|free|skip|pnot)/.test(signature)) return isTruncatedIsoMedia;
  return undefined;
}
