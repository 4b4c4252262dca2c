import { randomBytes } from "node:crypto";
import { open, rename, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

export interface AtomicFileHandle {
  write(buffer: Uint8Array, offset: number, length: number): Promise<{ bytesWritten: number }>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** What of the file system an atomic write needs; tests put faults here. */
export interface AtomicFs {
  open(path: string, flags: string, mode?: number): Promise<AtomicFileHandle>;
  rename(from: string, to: string): Promise<void>;
  unlink(path: string): Promise<void>;
}

export const nodeAtomicFs: AtomicFs = { open: (path, flags, mode) => open(path, flags, mode), rename, unlink };

/** Large enough that a ledger takes few calls, small enough that no single step keeps the event loop for long. */
const pieceSizeChars = 128 * 1024;

interface TempFileOptions {
  mode?: number | undefined;
  fs?: AtomicFs | undefined;
}

/** A name beside `path` that nobody else uses. It names its process, so that what a killed one left can be told. */
export function tempNameFor(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(6).toString("hex")}.tmp`);
}

/**
 * Writes `chunks` to a new file and makes its bytes durable. Gives way to the event loop after every piece. On any error
 * the file is removed and the system's error thrown as it is.
 */
export async function writeTempFile(
  tempPath: string,
  chunks: string | Iterable<string>,
  { mode = 0o600, fs = nodeAtomicFs }: TempFileOptions = {},
): Promise<{ sizeBytes: number }> {
  const handle = await fs.open(tempPath, "wx", mode);
  try {
    const sizeBytes = await writeAll(handle, typeof chunks === "string" ? [chunks] : chunks);
    await handle.sync();
    await handle.close();
    return { sizeBytes };
  } catch (error) {
    await handle.close().catch(() => undefined);
    await fs.unlink(tempPath).catch(() => undefined);
    throw error;
  }
}

async function writeAll(handle: AtomicFileHandle, chunks: Iterable<string>): Promise<number> {
  let sizeBytes = 0;
  let pending = "";
  for (const chunk of chunks) {
    pending += chunk;
    if (pending.length < pieceSizeChars) continue;
    sizeBytes += await writeWhole(handle, Buffer.from(pending));
    pending = "";
  }
  if (pending !== "") sizeBytes += await writeWhole(handle, Buffer.from(pending));
  return sizeBytes;
}

/** A write may take fewer bytes than it was given without an error; believing it took all is how files get torn. */
async function writeWhole(handle: AtomicFileHandle, buffer: Uint8Array): Promise<number> {
  let offset = 0;
  while (offset < buffer.length) {
    const { bytesWritten } = await handle.write(buffer, offset, buffer.length - offset);
    if (bytesWritten === 0) {
      throw Object.assign(new Error("the disk took no more bytes"), { code: "ENOSPC", syscall: "write" });
    }
    offset += bytesWritten;
  }
  return buffer.length;
}
