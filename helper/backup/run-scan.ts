import { BackupError } from "../state/errors/backup-error.ts";
import type { Failure } from "../state/files/failures.ts";
import type { BackupRunOptions } from "./backup-run-options.ts";
import type { Candidate, ScannedFolder } from "./candidate.ts";
import { CandidateQueue } from "./candidate-queue.ts";
import { isUnchanged } from "./is-unchanged.ts";
import { keepsIdentity } from "./keeps-identity.ts";
import type { LedgerPort } from "./ledger-port.ts";
import { isStillHeldBack, photoFailure } from "./photo-failure.ts";
import type { FolderProgress, RunProgress } from "./run-progress.ts";
import { scanFolder } from "./scan-folder.ts";
import { isSettled } from "./settling.ts";
import { isOnVolume } from "./translate-file-error.ts";

/**
 * What a run found on disk: which photos need the bucket, which must settle first, which are held back; and the counts
 * that follow. Every photo on disk is in exactly one of backed up, waiting, failed and deferred.
 */
export class RunScan {
  readonly pending = new CandidateQueue();
  readonly unsettled: Candidate[] = [];
  /** Photos that look unchanged, where the person wants their bytes read again. */
  readonly toRehash = new CandidateQueue();
  /** Paths seen in this scan; what the ledger has beyond them is missing from the disk. */
  readonly seen = new Set<string>();
  readonly #options: BackupRunOptions;
  readonly #progress: RunProgress;
  readonly #folders = new Map<ScannedFolder, FolderProgress>();
  #retryable: Candidate[] = [];
  readonly #notEmptyBefore = new Set<ScannedFolder>();
  #vanishedSinceLook = false;
  #isFirstLook = true;

  constructor(options: BackupRunOptions, progress: RunProgress) {
    this.#options = options;
    this.#progress = progress;
    for (const given of options.folders) {
      const folder = { ...given, keepsIdentity: keepsIdentity(given.path, options.fs) };
      const folderProgress = { path: folder.path, label: folder.label, state: "ok", onDisk: 0, backedUp: 0 };
      this.#folders.set(folder, folderProgress);
      progress.folders.push(folderProgress);
    }
  }

  get folders(): ScannedFolder[] {
    return [...this.#folders.keys()];
  }

  get unreadableFolders() {
    return this.#progress.unreadableFolders;
  }

  /** Another call adds what the one before did not see. */
  async scan(): Promise<void> {
    this.#vanishedSinceLook = false;
    for (const folder of this.folders) await this.#scanOne(folder);
    this.#isFirstLook = false;
  }

  /** Photos are gone from where they were seen: deleted, moved to where nobody looked, or with their whole disk. */
  get needsAnotherLook(): boolean {
    return this.#vanishedSinceLook;
  }

  backedUp(candidate: Candidate): void {
    this.#progress.waiting -= 1;
    this.#progress.waitingBytes -= candidate.countedBytes;
    this.#folderOf(candidate).backedUp += 1;
  }

  failed(candidate: Candidate, failure: Failure): void {
    this.#progress.waiting -= 1;
    this.#progress.waitingBytes -= candidate.countedBytes;
    this.#count(failure, 1);
    if (failure.nextTryAt && failure.kind === "failed") this.#retryable.push(candidate);
  }

  /** Moved or deleted since it was seen: it is no longer a photo on this disk. */
  vanished(candidate: Candidate): void {
    this.#progress.waiting -= 1;
    this.#progress.waitingBytes -= candidate.countedBytes;
    this.#progress.scanned -= 1;
    this.#folderOf(candidate).onDisk -= 1;
    this.seen.delete(candidate.path);
    this.#needAnotherLook();
  }

  /** Photos with a passing trouble of their own, back among the waiting. */
  takeRetryable(): CandidateQueue {
    const again = this.#retryable;
    this.#retryable = [];
    for (const candidate of again) {
      this.#progress.failed -= 1;
      this.#wait(candidate);
    }
    return new CandidateQueue(again);
  }

  async #scanOne(folder: ScannedFolder): Promise<void> {
    const { fs, stopping, ledger } = this.#options;
    const folderProgress = this.#folders.get(folder) as FolderProgress;
    let isEmpty = true;
    const visitor = {
      photo: (candidate: Candidate) => {
        isEmpty = false;
        if (this.#isNew(candidate.path)) this.#sort(candidate, folderProgress, ledger);
      },
      leftAlone: (extension: string) => {
        isEmpty = false;
        if (this.#isFirstLook) this.#progress.leftAlone[extension] = (this.#progress.leftAlone[extension] ?? 0) + 1;
      },
      unreadablePhoto: (path: string, error: BackupError) => {
        isEmpty = false;
        if (!this.seen.has(path)) this.#unreadable(path, error, folderProgress);
      },
      unreadableFolder: (path: string, error: BackupError) => {
        // A subfolder that is gone between listing and visiting was deleted, or is elsewhere by now.
        if (error.code === "folder-missing" && path !== folder.path) return this.#needAnotherLook();
        if (this.unreadableFolders.every((known) => known.path !== path)) this.unreadableFolders.push({ path, error });
        folderProgress.state = error.code;
      },
    };
    await scanFolder(folder, visitor, { fs, signal: stopping });
    if (!isEmpty) this.#notEmptyBefore.add(folder);
    if (!isEmpty || folderProgress.state !== "ok") return;
    // Emptied by its person it looks like this too; only they know, and take it from the list.
    if (this.#notEmptyBefore.has(folder) || hasEntriesBelow(folder.path, ledger)) {
      visitor.unreadableFolder(folder.path, emptyFolderError(folder.path));
    }
  }

  /** Notes a path as seen; one look-up instead of two, for 100,000 of them. */
  #isNew(path: string): boolean {
    const before = this.seen.size;
    return this.seen.add(path).size > before;
  }

  #sort(candidate: Candidate, folderProgress: FolderProgress, ledger: LedgerPort): void {
    this.#progress.scanned += 1;
    folderProgress.onDisk += 1;
    const entry = ledger.known(candidate.path);
    if (isUnchanged(entry, candidate)) {
      if (entry?.missingSince) ledger.clearMissing(candidate.path);
      if (ledger.failure(candidate.path)) ledger.clearFailure(candidate.path);
      if (this.#options.rehash && !candidate.isInICloud) return this.#waitForRehash(candidate);
      this.#progress.alreadyBackedUp += 1;
      folderProgress.backedUp += 1;
      return;
    }
    const failure = ledger.failure(candidate.path);
    if (!this.#isAskedFor(candidate) && isStillHeldBack(failure, candidate, this.#options.clock.now())) {
      return this.#count(failure, 1);
    }
    this.#wait(candidate);
    if (candidate.isInICloud) return this.#defer(candidate, "in-icloud");
    if (isSettled(candidate, this.#options.clock.now())) this.pending.push(candidate);
    else this.unsettled.push(candidate);
  }

  #isAskedFor(candidate: Candidate): boolean {
    const { retryAll, retryPaths, anywayPaths } = this.#options;
    return retryAll || retryPaths.has(candidate.path) || anywayPaths.has(candidate.path);
  }

  #wait(candidate: Candidate): void {
    this.#progress.waiting += 1;
    this.#progress.waitingBytes += candidate.countedBytes;
  }

  #waitForRehash(candidate: Candidate): void {
    this.#wait(candidate);
    this.toRehash.push(candidate);
  }

  #defer(candidate: Candidate, code: "in-icloud"): void {
    const { ledger, clock } = this.#options;
    const error = new BackupError(code);
    const failure = photoFailure({ error, earlier: ledger.failure(candidate.path), candidate, now: clock.now() });
    ledger.fail(candidate.path, failure);
    this.failed(candidate, failure);
  }

  #unreadable(path: string, error: BackupError, folderProgress: FolderProgress): void {
    if (error.code === "vanished") return this.#needAnotherLook();
    const { ledger, clock } = this.#options;
    this.#progress.scanned += 1;
    folderProgress.onDisk += 1;
    this.seen.add(path);
    const failure = photoFailure({ error, earlier: ledger.failure(path), candidate: undefined, now: clock.now() });
    ledger.fail(path, failure);
    this.#count(failure, 1);
  }

  #needAnotherLook(): void {
    this.#vanishedSinceLook = true;
  }

  #count(failure: Failure, by: number): void {
    if (failure.kind === "failed") this.#progress.failed += by;
    else this.#progress.deferred += by;
  }

  #folderOf(candidate: Candidate): FolderProgress {
    return this.#folders.get(candidate.folder) as FolderProgress;
  }
}

function emptyFolderError(path: string): BackupError {
  const detail = "it is empty now, though it held files before; if you emptied it, remove it from the list";
  return new BackupError(isOnVolume(path) ? "volume-offline" : "folder-missing", { detail });
}

/** An empty mount point looks like a folder whose photos were all deleted; it is not. */
function hasEntriesBelow(path: string, ledger: LedgerPort): boolean {
  for (const entryPath of ledger.paths()) if (entryPath.startsWith(`${path}/`)) return true;
  return false;
}
