import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { readdir, unlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { generatePhotoFolder } from "../photos/generate-photos.ts";

/** How many photos a folder of the pool has. */
export const pooledPhotosMost = 8;

const foldersInPool = 40;

let dir: string | undefined;
let filled: Promise<string[]> | undefined;

/**
 * Moves a folder of photos to `target`. They were made when the test file began: the helper takes no photo that was
 * written in the last two seconds, and moving their folder does not change the photos' own times, so that most tests
 * need not wait for them to settle.
 * @returns false when the pool is used up
 */
export async function takePooledPhotos(target: string, count: number): Promise<boolean> {
  filled ??= fill();
  const folder = (await filled).pop();
  if (!folder) return false;
  renameSync(folder, target);
  const names = (await readdir(target)).sort();
  for (const name of names.slice(count)) await unlink(join(target, name));
  return true;
}

async function fill(): Promise<string[]> {
  dir = mkdtempSync(join(tmpdir(), "photolala-pool-"));
  const folders: string[] = [];
  for (let number = 0; number < foldersInPool; number += 1) {
    const folder = join(dir, String(number));
    await generatePhotoFolder(folder, { count: pooledPhotosMost, approxBytes: 20_000, seed: 1 });
    folders.push(join(folder, "Roll 1"));
  }
  return folders;
}

afterAll(() => {
  if (dir) rmSync(dir, { recursive: true, force: true });
});
