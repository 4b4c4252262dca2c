import { watch, type FSWatcher } from "chokidar";
import { basename } from "node:path";
import { classifyFile } from "../photos/photo-formats.ts";

export interface FolderWatcher {
  close(): Promise<void>;
}

interface WatchOptions {
  folders: string[];
  /** A photo may have come, changed or gone. Only a hint: what is true, a scan finds out. */
  onHint: (path: string) => void;
  /** The watcher itself failed; events may be lost from here on. */
  onError: (error: unknown) => void;
}

/** Watches folders for photos. A lost event costs time, never a photo: full scans follow anyway. */
export function watchFolders({ folders, onHint, onError }: WatchOptions): FolderWatcher {
  if (folders.length === 0) return { close: async () => {} };
  const watcher: FSWatcher = watch(folders, {
    // One watch a tree instead of one a folder: large trees run out of descriptors otherwise.
    backend: "native-recursive",
    // The first scan is ours, and it must not be done twice.
    ignoreInitial: true,
    // Links are not followed by the scan either.
    followSymlinks: false,
    // Settling is the engine's business, where a scan and an event are treated alike.
    awaitWriteFinish: false,
    // A folder that cannot be read is reported by the scan, in words.
    ignorePermissionErrors: true,
  });
  watcher.on("all", (event, path) => {
    const mayMatter = event === "addDir" || event === "unlinkDir" || classifyFile(basename(path)) !== undefined;
    if (mayMatter) onHint(path);
  });
  watcher.on("error", onError);
  return { close: () => watcher.close() };
}
