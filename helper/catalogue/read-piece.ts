import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { ObjectStore } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { CatalogueKey } from "./catalogue-key.ts";
import { catalogueEndSchema, catalogueHeaderSchema, type CatalogueHeader } from "./catalogue-header.ts";
import { parseCatalogueLine, type CatalogueLine } from "./catalogue-line.ts";

/** Larger is nothing that we wrote. */
const packedBytesMost = 64 * 1024 * 1024;
const unpackedBytesMost = 1024 ** 3;

/** A photo with ten thousand earlier versions has a shorter line; a gzip bomb may be one of a hundred gigabytes. */
const lineCharsMost = 16 * 1024 * 1024;

/** A piece that was found whole. */
export interface ReadPiece {
  header: CatalogueHeader;
  /** Unpacks it again, so that no more than its packed bytes are held. The text is the line as it is stored. */
  lines(): AsyncGenerator<{ line: CatalogueLine; text: string }>;
}

/**
 * Downloads a piece and believes it only as a whole: the sha256 it was stored with, the gzip checksum, header, count, end
 * and every line must be right, and it must lie where it says it belongs.
 * @returns undefined for a piece that is gone, damaged, or another version's
 * @throws BackupError when the bucket did not answer
 */
export async function readPiece(
  store: ObjectStore,
  place: { key: string; name: CatalogueKey },
  signal: AbortSignal,
): Promise<ReadPiece | undefined> {
  const object = await store.read(place.key, signal);
  if (!object) return undefined;
  const bytes = await collect(object.body, packedBytesMost).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : new BackupError("network-down", { cause: error });
  });
  if (!bytes || (object.head.sha256 && object.head.sha256 !== createHash("sha256").update(bytes).digest("hex")))
    return undefined;
  try {
    const header = await checkWhole(bytes, place.name);
    return header && { header, lines: () => photoLines(bytes) };
  } catch {
    // What gzip or UTF-8 will not take.
    return undefined;
  }
}

async function collect(body: Readable, bytesMost: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += (chunk as Buffer).length;
    // Leaving the loop ends the download.
    if (size > bytesMost) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

async function checkWhole(bytes: Buffer, name: CatalogueKey): Promise<CatalogueHeader | undefined> {
  let header: CatalogueHeader | undefined;
  let count = 0;
  let last: string | undefined;
  for await (const text of textLines(bytes)) {
    if (!header) {
      header = headerOf(text, name);
      if (!header) return undefined;
      continue;
    }
    if (last !== undefined) {
      if (!parseCatalogueLine(last)) return undefined;
      count += 1;
    }
    last = text;
  }
  const end = catalogueEndSchema.safeParse(last === undefined ? undefined : JSON.parse(last));
  const isWhole = header && end.success && end.data.count === count && header.count === count;
  return isWhole ? header : undefined;
}

function headerOf(text: string, name: CatalogueKey): CatalogueHeader | undefined {
  const { data: header } = catalogueHeaderSchema.safeParse(JSON.parse(text));
  const { snapshot } = name;
  if (header?.macId !== name.macId || header.number !== name.number) return undefined;
  if (header.part !== snapshot?.part || header.parts !== snapshot?.parts) return undefined;
  return (header.kind === "snapshot") === (snapshot !== undefined) ? header : undefined;
}

async function* photoLines(bytes: Buffer): AsyncGenerator<{ line: CatalogueLine; text: string }> {
  for await (const text of textLines(bytes)) {
    const line = parseCatalogueLine(text);
    if (line) yield { line, text };
  }
}

/** Not by readline: it breaks lines at U+2028 too, which JSON leaves as it is and file names may hold. */
async function* textLines(bytes: Buffer): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let size = 0;
  // Joined only once its end is there: joining at every chunk would cost the square of a long line.
  let open: string[] = [];
  let openChars = 0;
  for await (const chunk of Readable.from([bytes]).pipe(createGunzip())) {
    size += (chunk as Buffer).length;
    if (size > unpackedBytesMost) throw new Error("larger than any piece");
    const [first = "", ...others] = decoder.decode(chunk as Buffer, { stream: true }).split("\n");
    open.push(first);
    openChars += first.length;
    if (openChars > lineCharsMost) throw new Error("longer than any line");
    const rest = others.pop();
    if (rest === undefined) continue;
    yield open.join("");
    yield* others;
    open = [rest];
    openChars = rest.length;
  }
  if (openChars > 0 || decoder.decode() !== "") throw new Error("it does not end with a whole line");
}
