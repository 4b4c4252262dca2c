import type { Stats } from "node:fs";
import { isInICloud } from "./settling.ts";

/** A folder being backed up in this run; `path` may lie inside the folder that `label` was given to. */
export interface ScannedFolder {
  /** What is scanned. */
  path: string;
  /** The chosen folder that keys are relative to: `path` or one around it. */
  root: string;
  label: string;
  /** Its file system keeps change times and inodes; asked once a run. Without it only sizes and times are compared. */
  keepsIdentity?: boolean;
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

/** Whether a file is still the one that the scan saw, unchanged. */
export function isSameFile(candidate: Candidate, stats: Stats): boolean {
  const { sizeBytes, mtimeMs, ctimeMs, inode, folder } = candidate;
  if (stats.size !== sizeBytes || stats.mtimeMs !== mtimeMs || stats.ino !== inode) return false;
  return !folder.keepsIdentity || stats.ctimeMs === ctimeMs;
}

/** The path inside the chosen folder, as keys want it. */
export function relativePathOf(candidate: Candidate): string {
  const { root } = candidate.folder;
  return candidate.path.slice(root.endsWith("/") ? root.length : root.length + 1);
}
