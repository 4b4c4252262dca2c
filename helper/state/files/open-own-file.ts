import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import { BackupError } from "../errors/backup-error.ts";

/**
 * Opens one of our own files to read it. Without waiting: a pipe in its place would hold us until somebody writes to it.
 * @throws BackupError `state-unwritable` for what is no file; the system's error
 */
export async function openOwnFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const stats = await file.stat();
  if (stats.isFile()) return file;
  await file.close();
  const what = stats.isDirectory() ? "a folder" : "something that is no file";
  throw new BackupError("state-unwritable", {
    detail: `${basename(path)}: ${what} is in this file's place; move it elsewhere`,
  });
}
