import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { generatePhotoFolder } from "../../tests/support/photos/generate-photos.ts";
import type { BenchContext } from "./bench-context.ts";

/** A photo is backed up only once it has been still for two seconds. */
export const settledMs = 2_500;

/** A folder of real photos of about this size; a tenth of them where it is to be quick. @returns its path */
export async function makePhotos(
  { count, bytesEach }: { count: number; bytesEach: number },
  { scratchDir, isQuick }: BenchContext,
): Promise<string> {
  const folder = await mkdtemp(join(scratchDir, "photos-"));
  const wanted = isQuick ? Math.ceil(count / 10) : count;
  await generatePhotoFolder(folder, { count: wanted, approxBytes: bytesEach, seed: bytesEach, photosPerFolder: 100 });
  await delay(settledMs);
  return folder;
}
