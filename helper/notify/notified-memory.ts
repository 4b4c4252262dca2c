import { readFile } from "node:fs/promises";
import { z } from "zod";
import { writeFileAtomic } from "../state/files/write-file-atomic.ts";

const memorySchema = z.object({ version: z.literal(1), toldAt: z.record(z.string(), z.iso.datetime()) });

/** Which matters the person was told of, and when (milliseconds since 1970). */
export interface NotifiedMemory {
  toldAt(key: string): Promise<number | undefined>;
  remember(key: string, at: number): Promise<void>;
  /** That matter, and all under it: "held" and every "held:…". */
  forget(key: string): Promise<void>;
}

/**
 * Kept in a small file, or only in memory without a path. It is a courtesy and not a record: a file that can't be read
 * counts as empty, and one that can't be written is done without.
 */
export function createNotifiedMemory(path?: string): NotifiedMemory {
  let loaded: Promise<Map<string, string>> | undefined;
  const told = () => (loaded ??= load(path));
  const save = async (entries: Map<string, string>) => {
    if (!path) return;
    const content = JSON.stringify({ version: 1, toldAt: Object.fromEntries(entries) }, undefined, 2);
    await writeFileAtomic(path, `${content}\n`).catch(() => undefined);
  };

  return {
    async toldAt(key) {
      const at = (await told()).get(key);
      return at === undefined ? undefined : Date.parse(at);
    },
    async remember(key, at) {
      const entries = await told();
      entries.set(key, new Date(at).toISOString());
      await save(entries);
    },
    async forget(key) {
      const entries = await told();
      const over = [...entries.keys()].filter((told) => told === key || told.startsWith(`${key}:`));
      for (const told of over) entries.delete(told);
      if (over.length > 0) await save(entries);
    },
  };
}

async function load(path: string | undefined): Promise<Map<string, string>> {
  if (!path) return new Map();
  try {
    const { toldAt } = memorySchema.parse(JSON.parse(await readFile(path, "utf8")));
    return new Map(Object.entries(toldAt));
  } catch {
    return new Map();
  }
}
