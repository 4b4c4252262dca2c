import { translateStateError } from "../errors/translate-state-error.ts";
import { destinationId } from "../files/destination-id.ts";
import type { JournalHeader, JournalRecord } from "./journal-record.ts";
import type { LedgerFs } from "./ledger-fs.ts";
import type { LedgerHead } from "./ledger-head.ts";

/** An open journal that ends with a whole line, to which only whole lines are added. */
export class JournalFile {
  readonly #path: string;
  readonly #fs: LedgerFs;
  readonly #file: number;
  #sizeBytes: number;
  #endsTorn = false;

  /** Opens the journal at `path` and cuts it to `wholeSizeBytes`. Throws "disk-full" or "state-unwritable". */
  constructor(path: string, wholeSizeBytes: number, fs: LedgerFs) {
    this.#path = path;
    this.#fs = fs;
    this.#sizeBytes = wholeSizeBytes;
    this.#file = openAndCut(path, wholeSizeBytes, fs);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /**
   * Adds whole lines by one write. When the disk does not take all of it, what it took is cut off again and "disk-full"
   * or "state-unwritable" thrown: nothing was recorded then.
   */
  append(lines: Uint8Array): void {
    if (this.#endsTorn) this.#cut();
    try {
      this.#endsTorn = true;
      const written = this.#fs.writeSync(this.#file, lines);
      if (written < lines.length) {
        throw Object.assign(new Error("the disk took no more bytes"), { code: "ENOSPC", syscall: "write" });
      }
      this.#endsTorn = false;
      this.#sizeBytes += lines.length;
    } catch (error) {
      this.#tryToCut();
      throw translateStateError(error, this.#path);
    }
  }

  /** The bytes from `offset` to the end. */
  readFrom(offset: number): Uint8Array {
    const bytes = new Uint8Array(this.#sizeBytes - offset);
    let have = 0;
    while (have < bytes.length) {
      const count = this.#fs.readSync(this.#file, bytes, have, bytes.length - have, offset + have);
      if (count === 0)
        throw Object.assign(new Error("the journal is shorter than it was"), { code: "EIO", syscall: "read" });
      have += count;
    }
    return bytes;
  }

  close(): void {
    this.#fs.closeSync(this.#file);
  }

  #cut(): void {
    try {
      this.#fs.ftruncateSync(this.#file, this.#sizeBytes);
      this.#endsTorn = false;
    } catch (error) {
      throw translateStateError(error, this.#path);
    }
  }

  #tryToCut(): void {
    try {
      this.#cut();
    } catch {
      // The next append tries again before it writes, and the next start cuts by itself.
    }
  }
}

function openAndCut(path: string, wholeSizeBytes: number, fs: LedgerFs): number {
  let file: number | undefined;
  try {
    file = fs.openSync(path, "a+", 0o600);
    fs.ftruncateSync(file, wholeSizeBytes);
    return file;
  } catch (error) {
    if (file !== undefined) fs.closeSync(file);
    throw translateStateError(error, path);
  }
}

export function journalLine(record: JournalRecord | JournalHeader): string {
  return JSON.stringify(record) + "\n";
}

export function journalHeaderFor(head: LedgerHead): JournalHeader {
  const { generation, destination } = head;
  return { version: 1, generation, destinationId: destinationId(destination), destination };
}
