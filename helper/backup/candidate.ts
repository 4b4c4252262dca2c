import type { Stats } from "node:fs";
import { isInICloud } from "./settling.ts";

/** A folder being backed up in this run; `path` may lie inside the folder that `label` was given to. */
export interface ScannedFolder {
  /** What is scanned. */
  path: string;
  /** The chosen folder that keys are relative to: `path` or one around it. */
  root: string;
  label: string;
}

/** A photo found on disk, as it was when the scan saw it. */
export interface Candidate {
  path: string;
  folder: ScannedFolder;
  sizeBytes: number;
  mtimeMs: number;
  ctimeMs: number;
  inode: number;
  /** The bytes it was counted with among the waiting; they stay when the file grows meanwhile. */
  countedBytes: number;
  /** Only a placeholder: reading it would download it, or hang. */
  isInICloud: boolean;
}

export function candidateOf(path: string, folder: ScannedFolder, stats: Stats): Candidate {
  return {
    path,
    folder,
    sizeBytes: stats.size,
    mtimeMs: stats.mtimeMs,
    ctimeMs: stats.ctimeMs,
    inode: stats.ino,
    countedBytes: stats.size,
    isInICloud: isInICloud(stats),
  };
}

/** The path inside the chosen folder, as keys want it. */
export function relativePathOf(candidate: Candidate): string {
  const { root } = candidate.folder;
  return candidate.path.slice(root.endsWith("/") ? root.length : root.length + 1);
}
