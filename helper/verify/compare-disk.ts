import type { Candidate, ScannedFolder } from "../backup/candidate.ts";
import type { FileSystem } from "../backup/file-system.ts";
import { isUnchanged } from "../backup/is-unchanged.ts";
import { keepsIdentity } from "../backup/keeps-identity.ts";
import { scanFolder } from "../backup/scan-folder.ts";
import type { EntryMap } from "../state/ledger/entry-map.ts";

/** The photos on disk beside the ledger. */
export interface DiskSummary {
  onDisk: number;
  /** In the ledger as they are on disk. */
  backedUp: number;
  /** New, or changed since they were backed up. */
  notBackedUp: number;
  /** In the ledger and no longer on disk. */
  onlyInBucket: number;
  /** Folders and photos that could not be looked at; folders also by name. */
  unreadable: number;
  unreadableFolders: string[];
}

interface DiskOptions {
  folders: ScannedFolder[];
  entries: EntryMap;
  fs: FileSystem;
  signal: AbortSignal;
  /** Told of each photo, as it is found. */
  onPhoto?: () => void;
}

/** Looks through the folders; reads no photo and changes nothing. */
export async function compareDisk({ folders, entries, fs, signal, onPhoto }: DiskOptions): Promise<DiskSummary> {
  const unread: string[] = [];
  const summary: DiskSummary = {
    ...{ onDisk: 0, backedUp: 0, notBackedUp: 0, onlyInBucket: 0, unreadable: 0 },
    unreadableFolders: unread,
  };
  const seen = new Set<string>();
  const visitor = {
    photo: (candidate: Candidate) => {
      summary.onDisk += 1;
      onPhoto?.();
      seen.add(candidate.path);
      if (isUnchanged(entries.get(candidate.path), candidate)) summary.backedUp += 1;
      else summary.notBackedUp += 1;
    },
    leftAlone: () => undefined,
    unreadablePhoto: (path: string) => {
      seen.add(path);
      summary.unreadable += 1;
    },
    unreadableFolder: (path: string) => {
      unread.push(path);
      summary.unreadable += 1;
    },
  };
  for (const given of folders) {
    const folder = { ...given, keepsIdentity: keepsIdentity(given.path, fs) };
    await scanFolder(folder, visitor, { fs, signal });
  }
  const isBelow = (path: string, folder: string) => path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
  for (const path of entries.keys()) {
    if (seen.has(path) || unread.some((folder) => isBelow(path, folder))) continue;
    if (folders.some((folder) => isBelow(path, folder.path))) summary.onlyInBucket += 1;
  }
  return summary;
}
