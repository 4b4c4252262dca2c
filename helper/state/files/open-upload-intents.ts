import type { StatePaths } from "../state-paths.ts";
import { destinationId } from "./destination-id.ts";
import type { Destination } from "./destination.ts";
import { readStateFile } from "./read-state-file.ts";
import { uploadIntentsSchema, type UploadIntentsContent } from "./upload-intents.ts";
import { writeFileAtomic } from "./write-file-atomic.ts";

type Intent = UploadIntentsContent["destinations"][string][number];

/** One destination's intents, kept in `multipart.json`; on disk when a change settles. */
export interface UploadIntentsFile {
  find(key: string): Intent | undefined;
  all(): Intent[];
  save(intent: Intent): Promise<void>;
  remove(key: string): Promise<void>;
}

/**
 * Opens them, for the holder of `helper.lock` only. A damaged file is set aside: what it named stays at the store,
 * unfinished, and is begun anew. Throws "newer-schema" for the file of a newer helper.
 */
export async function openUploadIntents(paths: StatePaths, destination: Destination): Promise<UploadIntentsFile> {
  const found = await readStateFile(paths.multipart, uploadIntentsSchema, { version: 1 });
  const content: UploadIntentsContent = found.kind === "read" ? found.value : { version: 1, destinations: {} };
  const id = destinationId(destination);
  const intents = new Map((content.destinations[id] ?? []).map((intent) => [intent.key, intent]));
  const write = async () => {
    if (intents.size > 0) content.destinations[id] = [...intents.values()];
    else delete content.destinations[id];
    await writeFileAtomic(paths.multipart, JSON.stringify(content, null, 2) + "\n");
  };
  return {
    find: (key) => intents.get(key),
    all: () => [...intents.values()],
    save: async (intent) => {
      intents.set(intent.key, intent);
      await write();
    },
    remove: async (key) => {
      if (intents.delete(key)) await write();
    },
  };
}
