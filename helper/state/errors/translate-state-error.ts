import { basename } from "node:path";
import { BackupError } from "./backup-error.ts";

const diskFullCodes = new Set(["ENOSPC", "EDQUOT"]);

/** The system's own code of an error (`ENOENT`), or undefined for an error that did not come from the system. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/**
 * Turns what the file system said about one of our own files into a `BackupError`: "disk-full" or "state-unwritable".
 * The detail has the file's name and never its path. An error that is not the system's comes back as it is: it is a
 * mistake of ours and must not be shown as a disk problem.
 */
export function translateStateError(error: unknown, path: string): unknown {
  const code = systemErrorCode(error);
  if (code === undefined) return error;
  const reason = diskFullCodes.has(code) ? "disk-full" : "state-unwritable";
  const what = code === "EISDIR" ? "a folder is in this file's place; move it elsewhere" : code;
  return new BackupError(reason, { detail: `${basename(path)}: ${what}`, cause: error });
}
