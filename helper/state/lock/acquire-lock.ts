import { existsSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { basename } from "node:path";
import { setImmediate as immediately, setTimeout as delay } from "node:timers/promises";
import { BackupError } from "../errors/backup-error.ts";
import { translateStateError } from "../errors/translate-state-error.ts";
import { LockBusyError } from "./lock-busy-error.ts";
import { readClaim, type FoundClaim, type LockClaim } from "./lock-claim.ts";
import { placeClaim, removeFile } from "./place-claim.ts";
import { processStartTime as readProcessStartTime } from "./process-start-time.ts";
import { pidOf, takeOverLock, type Contender, type LockAttempt, type LockStep } from "./take-over-lock.ts";

export interface HeldLock {
  /** Throws "another-helper-runs" if the lock is no longer ours: to be called before every commit. */
  verify(): void;
  /** True once the lock is surely no longer ours; false as long as that cannot be told. */
  isLost(): boolean;
  /** Gives the lock up. Does nothing when it is no longer ours. */
  release(): Promise<void>;
}

export interface AcquireLockOptions {
  /** How long to wait for a living owner; 0, the default, not at all. */
  waitMs?: number;
  onStep?: (step: LockStep) => void | Promise<void>;
  processStartTime?: (pid: number) => string | undefined;
  pid?: number;
  now?: () => number;
  /** For the age of a damaged lock file. */
  wallClock?: () => number;
  sleep?: (ms: number) => Promise<unknown>;
}

/** A damaged lock is left alone for so long: another program may just be writing it. */
const damagedLockGraceMs = 10_000;

/** Asking for a process's start time costs a process of its own on macOS. */
const judgeAgainAfterMs = 250;

/**
 * Takes the lock at `path`, whose folder must exist. A dead owner's lock is taken over; liveness is judged by pid and
 * start time, never by a heartbeat, which would stop while the Mac sleeps. Throws `LockBusyError` ("another-helper-runs"
 * for `helper.lock`) when a living owner did not give it up within `waitMs`, "disk-full" or "state-unwritable".
 */
export async function acquireLock(path: string, options: AcquireLockOptions = {}): Promise<HeldLock> {
  const { waitMs = 0, now = () => performance.now(), sleep = delay } = options;
  const contender = newContender(options);
  const startedAt = now();
  for (let attempts = 0; ; attempts++) {
    const attempt = await tryOnce(path, contender);
    if (attempt.kind === "acquired") return heldLock(path, attempt.claim, contender);
    if (attempt.kind === "busy" && now() - startedAt >= waitMs) throw new LockBusyError(path, attempt.ownerPid);
    if (attempt.kind === "busy") await sleep(1 + Math.random() * Math.min(30, 2 + attempts));
    else await immediately();
  }
}

async function tryOnce(path: string, contender: Contender): Promise<LockAttempt> {
  try {
    const found = readClaim(path);
    await contender.onStep("looked");
    if (!found) {
      const claim = contender.newClaim();
      if (!placeClaim(path, claim)) return { kind: "changed" };
      await contender.onStep("placed");
      return { kind: "acquired", claim };
    }
    if (!contender.isDead(found)) return { kind: "busy", ownerPid: pidOf(found) };
    return await takeOverLock(path, found, contender);
  } catch (error) {
    throw translateStateError(error, path);
  }
}

function newContender(options: AcquireLockOptions): Contender {
  const { processStartTime = cachedStartTime, pid = process.pid } = options;
  const { now = () => performance.now(), wallClock = Date.now } = options;
  const ownStartTime = processStartTime(pid);
  if (ownStartTime === undefined) throw new Error("this process does not find itself");
  let lastAlive: { id: string; at: number } | undefined;

  return {
    newClaim: () => ({ pid, processStartTime: ownStartTime, token: randomBytes(16).toString("hex") }),
    onStep: options.onStep ?? (() => undefined),
    isDead(found: FoundClaim): boolean {
      if (lastAlive?.id === found.id && now() - lastAlive.at < judgeAgainAfterMs) return false;
      const dead = isDead(found, processStartTime, wallClock);
      if (!dead) lastAlive = { id: found.id, at: now() };
      return dead;
    },
  };
}

function isDead(
  found: FoundClaim,
  processStartTime: (pid: number) => string | undefined,
  wallClock: () => number,
): boolean {
  if (found.kind === "damaged") return Math.abs(wallClock() - found.changedAtMs) > damagedLockGraceMs;
  try {
    return processStartTime(found.claim.pid) !== found.claim.processStartTime;
  } catch {
    return false;
  }
}

let ownStartTime: string | undefined;

function cachedStartTime(pid: number): string | undefined {
  if (pid !== process.pid) return readProcessStartTime(pid);
  return (ownStartTime ??= readProcessStartTime(pid));
}

function heldLock(path: string, claim: LockClaim, contender: Contender): HeldLock {
  const isOurs = (): boolean => {
    try {
      return readClaim(path)?.id === claim.token;
    } catch (error) {
      throw translateStateError(error, path);
    }
  };
  return {
    verify() {
      if (isOurs()) return;
      // With the whole state folder gone nobody else is at work; there is just nowhere to write.
      if (!existsSync(path)) throw new BackupError("state-unwritable", { detail: `${basename(path)} is gone` });
      throw new BackupError("another-helper-runs", { detail: `${basename(path)} is no longer ours` });
    },
    isLost() {
      try {
        return !isOurs();
      } catch {
        return false;
      }
    },
    async release() {
      if (!isOurs()) return;
      await contender.onStep("releasing");
      try {
        removeFile(path);
      } catch (error) {
        throw translateStateError(error, path);
      }
    },
  };
}
