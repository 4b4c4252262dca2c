import { createHash, type Hash } from "node:crypto";
import { Readable } from "node:stream";
import { BackupError } from "../../state/errors/backup-error.ts";
import type { Candidate } from "../candidate.ts";
import type { FileSystem, OpenFile } from "../file-system.ts";
import { photoOpenFlags } from "../photo-open-flags.ts";
import { translatePhotoError } from "../translate-file-error.ts";
import type { PlannedPart } from "./plan-parts.ts";

/** Parts up to this size are held in memory; those of a file beyond 156 GiB are read once more while they are sent. */
const heldPartBytesMost = 16 * 1024 * 1024;

/** Hashed at once: no longer than the socket of the part on the wire can go without being fed. */
const pieceBytes = 1024 * 1024;

/** A part read and hashed, ready to be sent. */
export interface ReadPart extends PlannedPart {
  body: Uint8Array | (() => Readable);
  sha256Hex: string;
}

/**
 * Reads a file part by part, from first to last, and hashes it as a whole on the way. The last part is given out only
 * once the hash of all bytes is the one computed before, so no store ever gets a whole object of other bytes.
 */
export class PartReader {
  readonly #candidate: Candidate;
  readonly #sha256Hex: string;
  readonly #file: OpenFile;
  readonly #whole: Hash = createHash("sha256");
  readonly #free: Buffer[] = [];
  #offsetBytes = 0;

  private constructor(candidate: Candidate, sha256Hex: string, file: OpenFile) {
    this.#candidate = candidate;
    this.#sha256Hex = sha256Hex;
    this.#file = file;
  }

  static async open(candidate: Candidate, sha256Hex: string, fs: FileSystem): Promise<PartReader> {
    try {
      return new PartReader(candidate, sha256Hex, await fs.open(candidate.path, photoOpenFlags));
    } catch (error) {
      throw translatePhotoError(error);
    }
  }

  /** The next part. @throws BackupError `changed-while-reading`, or what the disk said */
  async read(part: PlannedPart): Promise<ReadPart> {
    try {
      const isHeld = part.sizeBytes <= heldPartBytesMost;
      const read = isHeld ? await this.#readHeld(part) : await this.#readThrough(part);
      this.#offsetBytes += part.sizeBytes;
      this.#proveAtEnd();
      return { ...part, ...read };
    } catch (error) {
      throw translatePhotoError(error);
    }
  }

  /** The part's memory may be used again: nothing reads it any more. */
  giveBack({ body }: ReadPart): void {
    if (Buffer.isBuffer(body)) this.#free.push(body);
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #readHeld({ offsetBytes, sizeBytes }: PlannedPart) {
    const held = this.#free.pop();
    const buffer = held && held.buffer.byteLength >= sizeBytes ? held : Buffer.allocUnsafeSlow(sizeBytes);
    const body = Buffer.from(buffer.buffer, 0, sizeBytes);
    const ofPart = createHash("sha256");
    for (let done = 0; done < sizeBytes; done += pieceBytes) {
      const piece = body.subarray(done, done + pieceBytes);
      await readFully(this.#file, piece, offsetBytes + done);
      this.#whole.update(piece);
      ofPart.update(piece);
    }
    return { body, sha256Hex: ofPart.digest("hex") };
  }

  async #readThrough({ offsetBytes, sizeBytes }: PlannedPart) {
    const ofPart = createHash("sha256");
    for await (const piece of piecesOf(this.#file, offsetBytes, sizeBytes)) {
      this.#whole.update(piece);
      ofPart.update(piece);
    }
    const sha256Hex = ofPart.digest("hex");
    const pieces = () => provenPieces(this.#file, { offsetBytes, sizeBytes, sha256Hex });
    return { body: () => Readable.from(pieces(), { objectMode: false, highWaterMark: pieceBytes }), sha256Hex };
  }

  #proveAtEnd(): void {
    if (this.#offsetBytes < this.#candidate.sizeBytes) return;
    if (this.#whole.digest("hex") !== this.#sha256Hex) throw new BackupError("changed-while-reading");
  }
}

/** The store must not get a whole part of other bytes than were hashed, whether it checks or not. */
async function* provenPieces(
  file: OpenFile,
  part: { offsetBytes: number; sizeBytes: number; sha256Hex: string },
): AsyncGenerator<Buffer> {
  const running = createHash("sha256");
  let leftBytes = part.sizeBytes;
  try {
    for await (const piece of piecesOf(file, part.offsetBytes, part.sizeBytes)) {
      running.update(piece);
      leftBytes -= piece.length;
      if (leftBytes === 0 && running.digest("hex") !== part.sha256Hex) throw new BackupError("changed-while-reading");
      yield piece;
    }
  } catch (error) {
    // Untranslated, a disk's error would be taken for the network's.
    throw translatePhotoError(error);
  }
}

async function* piecesOf(file: OpenFile, offsetBytes: number, sizeBytes: number): AsyncGenerator<Buffer> {
  for (let done = 0; done < sizeBytes;) {
    const piece = Buffer.allocUnsafeSlow(Math.min(pieceBytes, sizeBytes - done));
    await readFully(file, piece, offsetBytes + done);
    done += piece.length;
    yield piece;
  }
}

async function readFully(file: OpenFile, into: Buffer, offsetBytes: number): Promise<void> {
  for (let filled = 0; filled < into.length;) {
    const { bytesRead } = await file.read(into, filled, into.length - filled, offsetBytes + filled);
    if (bytesRead === 0) throw new BackupError("changed-while-reading", { detail: "it ended early" });
    filled += bytesRead;
  }
}
