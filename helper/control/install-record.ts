import { z } from "zod";
import { readStateFile } from "../state/files/read-state-file.ts";
import { writeFileAtomic } from "../state/files/write-file-atomic.ts";

const recordSchema = z.looseObject({
  version: z.literal(1),
  /** The extension's own bundle, which `helper.mjs` is a copy of; when it is gone, so is the extension. */
  bundlePath: z.string(),
  bundleSha256: z.string(),
  /** Of the property list that launchd was given. */
  plistSha256: z.string(),
  nodePath: z.string(),
  helperVersion: z.string(),
  installedAt: z.iso.datetime(),
});

/** `bin/install.json`: written last, so it names only what launchd was really given. */
export type InstallRecord = z.infer<typeof recordSchema>;

/** Undefined where nothing was installed, or the record can't be read: installing again then mends it. */
export async function readInstallRecord(path: string): Promise<InstallRecord | undefined> {
  const found = await readStateFile(path, recordSchema, { version: 1, setAside: false });
  return found.kind === "read" ? found.value : undefined;
}

export async function writeInstallRecord(path: string, record: InstallRecord): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(record, undefined, 2)}\n`);
}
