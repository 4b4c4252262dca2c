import type { Reason } from "./reason.ts";

/** What keeps a folder from being read. */
export const folderReasons = {
  "folder-permission": {
    scope: "folder",
    retry: "on-change",
    action: "open-privacy-settings",
    title: "Needs Permission",
    what: "macOS does not let the helper read this folder.",
    mend: "Allow it under Privacy & Security > Files and Folders, or Full Disk Access.",
  },
  "folder-unreadable": {
    scope: "folder",
    retry: "on-change",
    action: "show-in-finder",
    title: "Folder Not Readable",
    what: "This folder could not be read.",
    mend: "Check its permissions and its disk.",
  },
  "folder-missing": {
    scope: "folder",
    retry: "on-change",
    action: "choose-folder",
    title: "Folder Not Found",
    what: "This folder is not where it was; nothing in the bucket is touched.",
    mend: "Put it back, or remove it and choose its new place.",
  },
  "volume-offline": {
    scope: "folder",
    retry: "on-change",
    action: "connect-volume",
    title: "Volume Offline",
    what: "The disk that holds this folder is not connected.",
    mend: "Connect it; the backup goes on by itself.",
  },
} as const satisfies Record<string, Reason>;
