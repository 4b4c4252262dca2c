import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { BackupError } from "../state/errors/backup-error.ts";
import type { Candidate } from "./candidate.ts";
import type { FileSystem } from "./file-system.ts";
import { photoOpenFlags } from "./photo-open-flags.ts";
import { translatePhotoError } from "./translate-file-error.ts";

const pieceBytes = 1024 * 1024;

/**
 * The bytes of a large file for one attempt, in pieces of 1 MiB. The last piece is given out only once the hash of all
 * of them is the one computed before, so no store ever gets a whole body of other bytes, whether it checks or not.
 */
export function streamProvenBytes(candidate: Candidate, sha256Hex: string, fs: FileSystem): Readable {
  return Readable.from(pieces(candidate, sha256Hex, fs), { objectMode: false, highWaterMark: pieceBytes });
}

async function* pieces(candidate: Candidate, sha256Hex: string, fs: FileSystem): AsyncGenerator<Buffer> {
  try {
    yield* readPieces(candidate, sha256Hex, fs);
  } catch (error) {
    // Untranslated, a disk's error would be taken for the network's.
    throw translatePhotoError(error);
  }
}

async function* readPieces(candidate: Candidate, sha256Hex: string, fs: FileSystem): AsyncGenerator<Buffer> {
  const file = await fs.open(candidate.path, photoOpenFlags);
  try {
    const running = createHash("sha256");
    let offset = 0;
    while (offset < candidate.sizeBytes) {
      const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, candidate.sizeBytes - offset));
      const { bytesRead } = await file.read(piece, 0, piece.length, offset);
      if (bytesRead === 0) throw new BackupError("changed-while-reading", { detail: "it ended early" });
      const bytes = piece.subarray(0, bytesRead);
      running.update(bytes);
      offset += bytesRead;
      const isLast = offset === candidate.sizeBytes;
      if (isLast && running.digest("hex") !== sha256Hex) throw new BackupError("changed-while-reading");
      yield bytes;
    }
  } finally {
    await file.close();
  }
}
