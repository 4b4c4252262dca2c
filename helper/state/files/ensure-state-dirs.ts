import { mkdir } from "node:fs/promises";
import { translateStateError } from "../errors/translate-state-error.ts";
import type { StatePaths } from "../state-paths.ts";

/** Creates the folders of our state and logs where they are missing, open to nobody but the person (0700). */
export async function ensureStateDirs(paths: StatePaths): Promise<void> {
  const { stateDir, parkedLedgersDir, capabilitiesDir, cataloguesDir, requestsDir, logDir } = paths;
  for (const folder of [stateDir, parkedLedgersDir, capabilitiesDir, cataloguesDir, requestsDir, logDir]) {
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw translateStateError(error, folder);
    }
  }
}
