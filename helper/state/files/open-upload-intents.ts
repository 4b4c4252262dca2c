import type { StatePaths } from "../state-paths.ts";
import { destinationId } from "./destination-id.ts";
import type { Destination } from "./destination.ts";
import { readStateFile } from "./read-state-file.ts";
import { uploadIntentsSchema, type UploadIntentsContent } from "./upload-intents.ts";
import { writeFileAtomic } from "./write-file-atomic.ts";

type Intent = UploadIntentsContent["destinations"][string][number];
type Left = { key: string; uploadId: string };

/** Of those that may never be aborted only so many are kept. */
const leftMost = 1_000;

/** One destination's intents, kept in `multipart.json`; on disk when a change settles. */
export class UploadIntentsFile {
  readonly #path: string;
  readonly #id: string;
  readonly #content: UploadIntentsContent;
  #writing: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(path: string, id: string, content: UploadIntentsContent) {
    this.#path = path;
    this.#id = id;
    this.#content = content;
  }

  find(key: string): Intent | undefined {
    return this.all().find((intent) => intent.key === key);
  }

  all(): Intent[] {
    return this.#content.destinations[this.#id] ?? [];
  }

  save(intent: Intent): Promise<void> {
    const others = this.all().filter(({ key }) => key !== intent.key);
    return this.#keep([...others, intent], this.left());
  }

  async remove(key: string): Promise<void> {
    if (!this.find(key)) return;
    const others = this.all().filter((intent) => intent.key !== key);
    return this.#keep(others, this.left());
  }

  left(): Left[] {
    return this.#content.left?.[this.#id] ?? [];
  }

  leave(upload: Left): Promise<void> {
    return this.#keep(this.all(), [...this.left(), upload].slice(-leftMost));
  }

  clearLeft(uploadId: string): Promise<void> {
    const others = this.left().filter((upload) => upload.uploadId !== uploadId);
    return this.#keep(this.all(), others);
  }

  /**
   * Waits for what is being written, and refuses every change from now on: whoever opens the file next has its whole
   * content in memory, and a late change of ours would take theirs away.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#writing;
  }

  async #keep(intents: Intent[], left: Left[]): Promise<void> {
    if (this.#isClosed) throw new Error("the upload intents are closed");
    put(this.#content.destinations, this.#id, intents);
    this.#content.left ??= {};
    put(this.#content.left, this.#id, left);
    const text = JSON.stringify(this.#content, null, 2) + "\n";
    // One after the other: an older content must not overtake a newer one.
    const written = this.#writing.then(() => writeFileAtomic(this.#path, text));
    this.#writing = written.catch(() => undefined);
    return written;
  }
}

function put<Item>(lists: Record<string, Item[]>, id: string, list: Item[]): void {
  if (list.length > 0) lists[id] = list;
  else delete lists[id];
}

/**
 * Opens them, for the holder of `helper.lock` only. A damaged file is set aside: what it named stays at the store,
 * unfinished, and is begun anew. Throws "newer-schema" for the file of a newer helper.
 */
export async function openUploadIntents(paths: StatePaths, destination: Destination): Promise<UploadIntentsFile> {
  const found = await readStateFile(paths.multipart, uploadIntentsSchema, { version: 1 });
  const content: UploadIntentsContent = found.kind === "read" ? found.value : { version: 1, destinations: {} };
  return new UploadIntentsFile(paths.multipart, destinationId(destination), content);
}
