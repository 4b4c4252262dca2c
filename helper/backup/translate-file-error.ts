import { BackupError } from "../state/errors/backup-error.ts";
import type { ReasonCode } from "../state/errors/reasons.ts";

interface FileError {
  code?: string;
  errno?: number;
  message?: string;
}

/** macOS: EDEADLK, which Node has no name for, is how a read of an iCloud placeholder is refused. */
const deadlockErrno = -11;

const photoReasons: Record<string, ReasonCode> = {
  ENOENT: "vanished",
  ENOTDIR: "vanished",
  ELOOP: "vanished",
  EISDIR: "vanished",
  EACCES: "file-permission",
  EPERM: "file-permission",
  EIO: "read-error",
  ENXIO: "read-error",
  ETIMEDOUT: "in-icloud",
};

const folderReasons: Record<string, ReasonCode> = {
  EPERM: "folder-permission",
  EACCES: "folder-unreadable",
  ENOENT: "folder-missing",
  ENOTDIR: "folder-missing",
};

/** What an error while reading a photo means. An error nobody knows is `unknown`, with its cause shown. */
export function translatePhotoError(error: unknown): BackupError {
  if (error instanceof BackupError) return error;
  const { code, errno, message } = error as FileError;
  if (errno === deadlockErrno && code !== "EAGAIN") return new BackupError("in-icloud", { cause: error });
  return new BackupError(photoReasons[code ?? ""] ?? "unknown", { detail: code ?? message, cause: error });
}

/** What an error while listing a folder means. */
export function translateFolderError(error: unknown, path: string): BackupError {
  if (error instanceof BackupError) return error;
  const { code } = error as FileError;
  const reason = folderReasons[code ?? ""] ?? "folder-unreadable";
  const isVolumeGone = reason === "folder-missing" && isOnVolume(path);
  return new BackupError(isVolumeGone ? "volume-offline" : reason, { detail: code, cause: error });
}

/** Where macOS and Linux mount disks that come and go. */
export function isOnVolume(path: string): boolean {
  return /^\/(Volumes|media|mnt|run\/media)\//.test(path);
}
