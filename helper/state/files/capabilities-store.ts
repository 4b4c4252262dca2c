import { join } from "node:path";
import type { BackupError } from "../errors/backup-error.ts";
import { withStateLock } from "../lock/with-state-lock.ts";
import type { StatePaths } from "../state-paths.ts";
import { capabilitiesSchema, type Capabilities } from "./capabilities.ts";
import { destinationId } from "./destination-id.ts";
import type { Destination } from "./destination.ts";
import { readCourtesyFile } from "./read-courtesy-file.ts";
import { readStateFile } from "./read-state-file.ts";
import { writeFileAtomic } from "./write-file-atomic.ts";

function fileOf(paths: StatePaths, destination: Destination): string {
  return join(paths.capabilitiesDir, `${destinationId(destination)}.json`);
}

/**
 * What is known of a bucket; undefined where it was never probed or the file cannot be read, which costs one more probe.
 * Throws "newer-schema" for the file of a newer helper.
 */
export function readCapabilities(
  paths: StatePaths,
  destination: Destination,
  onUnreadable?: (error: BackupError) => void,
): Promise<Capabilities | undefined> {
  return readCourtesyFile(fileOf(paths, destination), capabilitiesSchema, onUnreadable);
}

/** Reads, changes and writes what is known of a bucket, alone among all processes. Throws as `readCapabilities` does. */
export async function updateCapabilities(
  paths: StatePaths,
  destination: Destination,
  change: (before: Capabilities | undefined) => Capabilities,
): Promise<Capabilities> {
  return withStateLock(paths, async (verify) => {
    const path = fileOf(paths, destination);
    const before = await readStateFile(path, capabilitiesSchema, { version: 1 });
    const after = capabilitiesSchema.parse(change(before.kind === "read" ? before.value : undefined));
    verify();
    await writeFileAtomic(path, JSON.stringify(after, null, 2) + "\n");
    return after;
  });
}
