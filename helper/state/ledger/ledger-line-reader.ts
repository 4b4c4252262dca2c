import { checkEntry } from "./check-entry.ts";
import { ledgerHeadSchema, type LedgerHead } from "./ledger-head.ts";
import { PackedEntries } from "./packed-entries.ts";
import { PackedLineReader } from "./packed-line-reader.ts";

const [newline, quote, backslash, comma] = [0x0a, 0x22, 0x5c, 0x2c];
const keyEnd = Buffer.from('": {');

/** What stands before the entries is short; a file without any of ours must not be gathered there. */
const headCharsMost = 64 * 1024;

/** Reads the lines that `ledgerLines` writes. Anything else makes it give up; the caller then reads the file as JSON. */
export class LedgerLineReader {
  readonly #entries = new PackedEntries();
  readonly #packed = new PackedLineReader(this.#entries);
  #headText = "";
  #part: "head" | "files" | "close" | "end" = "head";

  /** Takes whole lines, each with its newline. False once something is not as we write it. */
  read(lines: Buffer): boolean {
    for (let start = 0; start < lines.length;) {
      const end = lines.indexOf(newline, start);
      if (!this.#readLine(lines, start, end)) return false;
      start = end + 1;
    }
    return true;
  }

  /** What was read so far are entries as we write them, and the end is missing: no JSON either. */
  get endsAmidEntries(): boolean {
    return this.#part === "files" || this.#part === "close";
  }

  /** What was read; undefined if the end is missing or the head does not fit. */
  finish(): { head: LedgerHead; entries: PackedEntries } | undefined {
    if (this.#part !== "end") return undefined;
    const head = ledgerHeadSchema.safeParse(parse(`${this.#headText}"files":{}}`));
    if (!head.success) return undefined;
    delete head.data.files;
    return { head: head.data, entries: this.#entries };
  }

  #readLine(lines: Buffer, start: number, end: number): boolean {
    if (this.#part === "files" && lines[start] === quote) return this.#readEntry(lines, start, end);
    const line = lines.toString("utf8", start, end);
    if (this.#part === "head") {
      if (line === '"files": {') this.#part = "files";
      else this.#headText += line;
      return this.#headText.length <= headCharsMost && this.#headText.startsWith("{");
    }
    if (line !== "}") return false;
    if (this.#part === "end") return false;
    this.#part = this.#part === "files" ? "close" : "end";
    return true;
  }

  #readEntry(lines: Buffer, start: number, lineEnd: number): boolean {
    const end = lines[lineEnd - 1] === comma ? lineEnd - 1 : lineEnd;
    const pathEnd = lines.indexOf(keyEnd, start + 1);
    // A backslash there means that the quote belongs to the path.
    if (pathEnd < 0 || pathEnd >= end || lines[pathEnd - 1] === backslash) return this.#readOddEntry(lines, start, end);
    const text = lines.toString("utf8", start + 1, pathEnd);
    const path = text.includes("\\") ? parse(`"${text}"`) : text;
    if (typeof path !== "string") return false;
    const at = { pathStart: start + 1, pathEnd, start: pathEnd + 3, end };
    if (this.#packed.read(path, lines, at)) return true;
    const entry = parse(lines.toString("utf8", pathEnd + 3, end));
    if (!checkEntry(entry)) return false;
    this.#entries.set(path, entry);
    return true;
  }

  #readOddEntry(lines: Buffer, start: number, end: number): boolean {
    const object = parse(`{${lines.toString("utf8", start, end)}}`);
    if (typeof object !== "object" || object === null) return false;
    for (const [path, entry] of Object.entries(object)) {
      if (!checkEntry(entry)) return false;
      this.#entries.set(path, entry);
    }
    return true;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
