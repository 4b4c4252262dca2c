import type { Settings } from "../state/files/settings.ts";
import { watchFolders, type FolderWatcher } from "../watch/folder-watcher.ts";

interface WatchOptions {
  onHint: () => void;
  onError: (error: unknown) => void;
}

/** The watcher of the folders that are chosen at the moment. */
export class ChosenFoldersWatch {
  readonly #options: WatchOptions;
  #watched: { key: string; watcher: FolderWatcher } | undefined;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Watches the folders of these settings and no others. */
  async follow(settings: Settings): Promise<void> {
    const folders = settings.folders.map((folder) => folder.path);
    const key = JSON.stringify(folders);
    if (this.#watched?.key === key) return;
    await this.#watched?.watcher.close();
    this.#watched = { key, watcher: watchFolders({ folders, ...this.#options }) };
  }

  async close(): Promise<void> {
    await this.#watched?.watcher.close();
  }
}
