import { basename } from "node:path";
import { BackupError } from "../errors/backup-error.ts";

/**
 * A lock whose owner lives was not given up in time. For `helper.lock` that means another helper is at work; a
 * `state.lock` is held for milliseconds only, so its owner hangs and our state cannot be written.
 */
export class LockBusyError extends BackupError {
  /** The owner's, where the lock file tells it. */
  readonly ownerPid: number | undefined;

  constructor(lockPath: string, ownerPid: number | undefined) {
    const owner = ownerPid === undefined ? "an unknown process" : `process ${ownerPid}`;
    const name = basename(lockPath);
    super(name === "helper.lock" ? "another-helper-runs" : "state-unwritable", {
      detail: name === "helper.lock" ? owner : `${name} is held by ${owner}`,
    });
    this.name = "LockBusyError";
    this.ownerPid = ownerPid;
  }
}
