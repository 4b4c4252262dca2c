import type { StatePaths } from "../state-paths.ts";
import { destinationId } from "./destination-id.ts";
import type { Destination } from "./destination.ts";
import { readCourtesyFile } from "./read-courtesy-file.ts";
import { uploadIntentsSchema } from "./upload-intents.ts";

/** How many uploads of ours the store did not let us abort. Changes nothing, so it may be asked beside a helper. */
export async function countLeftUploads(paths: StatePaths, destination: Destination): Promise<number> {
  const content = await readCourtesyFile(paths.multipart, uploadIntentsSchema);
  return content?.left?.[destinationId(destination)]?.length ?? 0;
}
