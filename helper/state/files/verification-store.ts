import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { translateStateError } from "../errors/translate-state-error.ts";
import { withStateLock } from "../lock/with-state-lock.ts";
import type { StatePaths } from "../state-paths.ts";
import { destinationId } from "./destination-id.ts";
import type { Destination } from "./destination.ts";
import { readCourtesyFile } from "./read-courtesy-file.ts";
import { readStateFile } from "./read-state-file.ts";
import { verificationSchema, type Verification } from "./verification.ts";
import { writeFileAtomic } from "./write-file-atomic.ts";

/** Undefined where nothing was verified yet or the file cannot be read: then nothing is proved. Throws "newer-schema". */
export function readVerification(paths: StatePaths, destination: Destination): Promise<Verification | undefined> {
  return readCourtesyFile(verificationPath(paths, destination), verificationSchema);
}

/** Puts a newer proof, or a doubt, beside what is known, under `state.lock`: the helper and a command may both have one. */
export async function noteVerification(
  paths: StatePaths,
  destination: Destination,
  proof: Pick<Verification, "presence" | "reading" | "doubtedSince">,
): Promise<void> {
  const path = verificationPath(paths, destination);
  await withStateLock(paths, async (verify) => {
    const found = await readStateFile(path, verificationSchema, { version: 1 });
    const before = found.kind === "read" ? found.value : {};
    const after: Verification = { ...before, ...proof, version: 1, destination };
    // A sample takes no doubt away.
    if (proof.presence && proof.presence.method !== "sample") delete after.doubtedSince;
    verify();
    await mkdir(dirname(path), { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      throw translateStateError(error, dirname(path));
    });
    await writeFileAtomic(path, JSON.stringify(after, null, 2) + "\n");
  });
}

function verificationPath(paths: StatePaths, destination: Destination): string {
  return join(paths.stateDir, "verification", `${destinationId(destination)}.json`);
}
