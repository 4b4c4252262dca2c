import type { Dirent } from "node:fs";
import { basename } from "node:path";
import { setImmediate as yieldToEvents } from "node:timers/promises";
import { classifyFile, extensionOf } from "../photos/photo-formats.ts";
import { candidateOf, type Candidate, type ScannedFolder } from "./candidate.ts";
import type { FileSystem } from "./file-system.ts";
import { translateFolderError, translatePhotoError } from "./translate-file-error.ts";
import { BackupError } from "../state/errors/backup-error.ts";

export interface ScanVisitor {
  photo(candidate: Candidate): void;
  /** A file that is no photo; `extension` is lower case, without the dot, or "" or "(link)". */
  leftAlone(extension: string): void;
  /** A photo whose name or stat could not be read. */
  unreadablePhoto(path: string, error: BackupError): void;
  /** A folder that could not be listed: nothing below it is known, and nothing below it counts as deleted. */
  unreadableFolder(path: string, error: BackupError): void;
}

/** Folders that macOS keeps for itself; they hold no photos of the person's. */
const systemFolders = new Set([
  ".Trashes",
  ".Spotlight-V100",
  ".fseventsd",
  ".DocumentRevisions-V100",
  ".TemporaryItems",
]);

/** Inside a Photos library only these hold photos; the rest, thumbnails above all, is the library's own business. */
const photosLibraryParts = ["originals", "resources/renders"];

/** How long the scan may keep the event loop to itself. */
const sliceMs = 20;

/** Visits every file below a folder, never following links. Order: by name, files before the folders beside them. */
export async function scanFolder(
  folder: ScannedFolder,
  visitor: ScanVisitor,
  parts: { fs: FileSystem; signal?: AbortSignal },
): Promise<void> {
  const open = descend(folder.path, basename(folder.path), parts.fs);
  let sliceEnd = performance.now() + sliceMs;
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    parts.signal?.throwIfAborted();
    const folders = visitFolder(path, folder, visitor, parts.fs);
    for (let i = folders.length - 1; i >= 0; i -= 1) open.push(folders[i] as string);
    if (performance.now() < sliceEnd) continue;
    await yieldToEvents();
    sliceEnd = performance.now() + sliceMs;
  }
}

/** Visits the files of one folder. @returns the folders in it, to be visited next */
function visitFolder(path: string, folder: ScannedFolder, visitor: ScanVisitor, fs: FileSystem): string[] {
  const entries = list(path, visitor, fs);
  const base = path.endsWith("/") ? path : `${path}/`;
  const folders: string[] = [];
  for (const entry of entries) {
    const entryPath = base + entry.name;
    if (entry.isDirectory()) folders.push(...descend(entryPath, entry.name, fs));
    else if (entry.isFile()) visitFile(entryPath, entry.name, folder, visitor, fs);
    else visitor.leftAlone(entry.isSymbolicLink() ? "(link)" : "(special)");
  }
  return folders;
}

function list(path: string, visitor: ScanVisitor, fs: FileSystem): Dirent[] {
  try {
    return fs.readdir(path).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    visitor.unreadableFolder(path, folderError(path, error));
    return [];
  }
}

/** A folder whose name is not valid UTF-8 can't be found again under the name that Node shows; it is not gone. */
function folderError(path: string, error: unknown): BackupError {
  const translated = translateFolderError(error, path);
  if (translated.code !== "folder-missing" || !path.includes("\uFFFD")) return translated;
  return new BackupError("folder-unreadable", { detail: "its name is not valid Unicode text", cause: error });
}

/** The folders to visit for a folder that was found: itself, nothing, or the parts of a Photos library. */
function descend(path: string, name: string, fs: FileSystem): string[] {
  if (systemFolders.has(name)) return [];
  if (!name.endsWith(".photoslibrary")) return [path];
  const parts = photosLibraryParts.map((part) => `${path}/${part}`).filter((part) => !isAbsent(part, fs));
  // One from before Photos 5 keeps its originals elsewhere: better a thumbnail too many than an original too few.
  return parts.includes(`${path}/originals`) ? parts : [path];
}

/** An error other than its absence counts as presence, so that listing it tells what is wrong. */
function isAbsent(path: string, fs: FileSystem): boolean {
  try {
    fs.lstat(path);
    return false;
  } catch (error) {
    return translatePhotoError(error).code === "vanished";
  }
}

function visitFile(path: string, name: string, folder: ScannedFolder, visitor: ScanVisitor, fs: FileSystem): void {
  if (!classifyFile(name)) return visitor.leftAlone(extensionOf(name));
  try {
    visitor.photo(candidateOf(path, folder, fs.lstat(path)));
  } catch (error) {
    visitor.unreadablePhoto(path, nameOrFileError(name, error));
  }
}

/** A listed name that can't be found again was not valid UTF-8: Node shows it with replacement characters. */
function nameOrFileError(name: string, error: unknown): BackupError {
  const translated = translatePhotoError(error);
  const isGarbled = translated.code === "vanished" && name.includes("\uFFFD");
  return isGarbled ? new BackupError("name-unreadable", { cause: error }) : translated;
}
