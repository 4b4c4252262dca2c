import { closeSync, linkSync, openSync, unlinkSync, writeSync } from "node:fs";
import { systemErrorCode } from "../errors/translate-state-error.ts";
import { tempNameFor } from "../files/write-temp-file.ts";
import type { LockClaim } from "./lock-claim.ts";

/**
 * Writes a claim to a temporary file beside `path` and returns its name. It is not synced: after a power cut its owner is
 * dead either way, and a damaged lock can be taken over.
 */
export function writeClaimFile(path: string, claim: LockClaim): string {
  const tempPath = tempNameFor(path);
  const file = openSync(tempPath, "wx", 0o600);
  try {
    const bytes = Buffer.from(JSON.stringify(claim) + "\n");
    if (writeSync(file, bytes) !== bytes.length) {
      throw Object.assign(new Error("the disk took no more bytes"), { code: "ENOSPC", syscall: "write" });
    }
  } catch (error) {
    removeFile(tempPath);
    throw error;
  } finally {
    closeSync(file);
  }
  return tempPath;
}

/**
 * Puts the claim at `path` only if nothing is there, and says whether it did. A hard link to a whole file appears at once
 * and never replaces anything, so no reader sees half a claim.
 */
export function placeClaim(path: string, claim: LockClaim): boolean {
  const tempPath = writeClaimFile(path, claim);
  try {
    linkSync(tempPath, path);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === "EEXIST") return false;
    throw error;
  } finally {
    removeFile(tempPath);
  }
}

/** Removes a file; one that is gone already is fine. */
export function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw error;
  }
}
