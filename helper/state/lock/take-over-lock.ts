import { readdirSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { readClaim, type FoundClaim, type LockClaim } from "./lock-claim.ts";
import { placeClaim, removeFile, writeClaimFile } from "./place-claim.ts";

export type LockStep =
  | "looked"
  | "placed"
  | "followed-right"
  | "found-dead-owner"
  | "placed-right"
  | "checked-link"
  | "checked-right"
  | "wrote-new-claim"
  | "replaced-claim"
  | "removed-rights"
  | "releasing";

export interface Contender {
  newClaim(): LockClaim;
  isDead(found: FoundClaim): boolean;
  /** Called between any two steps: tests stop, delay or kill a contender there. */
  onStep(step: LockStep): void | Promise<void>;
}

export type LockAttempt =
  { kind: "acquired"; claim: LockClaim } | { kind: "busy"; ownerPid: number | undefined } | { kind: "changed" };

/**
 * Takes the lock of a dead owner over.
 *
 * Whoever looks, finds the owner dead and only then replaces the file may be stopped for any time in between, and replace
 * the lock of a living one. So the right to replace one claim is itself a file, `<lock>.takeover-<id of the dead claim>`,
 * which only one contender can create. When that contender dies too, the right to go on is `<lock>.takeover-<id of its
 * right>`, and so on: a chain of claims, all dead but the last, whose owner alone may replace the lock.
 *
 * Two things make this safe however long any step is delayed. A dead process stays dead, so a chain of dead claims can't
 * change any more, except through its last, living one. And ids are never used again, so a right that was placed too
 * late, after the lock had gone on to another owner, is seen as such by looking at the chain once more after placing it.
 */
export async function takeOverLock(path: string, dead: FoundClaim, contender: Contender): Promise<LockAttempt> {
  const chain = [dead];
  for (;;) {
    const holder = readClaim(rightPath(path, last(chain).id));
    if (!holder) break;
    if (!contender.isDead(holder)) return { kind: "busy", ownerPid: pidOf(holder) };
    chain.push(holder);
    await contender.onStep("followed-right");
  }
  await contender.onStep("found-dead-owner");

  const ownRightPath = rightPath(path, last(chain).id);
  const right = contender.newClaim();
  if (!placeClaim(ownRightPath, right)) return { kind: "changed" };
  try {
    await contender.onStep("placed-right");
    if (!(await chainStands(path, chain, right, contender))) {
      removeFile(ownRightPath);
      return { kind: "changed" };
    }
    await contender.onStep("checked-right");
    return { kind: "acquired", claim: await replaceClaim(path, contender) };
  } catch (error) {
    removeFile(ownRightPath);
    throw error;
  }
}

/** True while the lock and every right after it still hold the same dead claims, and ours is the last. */
async function chainStands(
  path: string,
  chain: FoundClaim[],
  right: LockClaim,
  contender: Contender,
): Promise<boolean> {
  let linkPath = path;
  for (const link of chain) {
    if (readClaim(linkPath)?.id !== link.id) return false;
    await contender.onStep("checked-link");
    linkPath = rightPath(path, link.id);
  }
  return readClaim(linkPath)?.id === right.token;
}

/** Only for the holder of the right. */
async function replaceClaim(path: string, contender: Contender): Promise<LockClaim> {
  const claim = contender.newClaim();
  const tempPath = writeClaimFile(path, claim);
  try {
    await contender.onStep("wrote-new-claim");
    renameSync(tempPath, path);
  } catch (error) {
    removeFile(tempPath);
    throw error;
  }
  await contender.onStep("replaced-claim");
  removeRights(path);
  await contender.onStep("removed-rights");
  return claim;
}

/** Rights lead to earlier claims only, since the owner (we) lives: none means anything any more, nor does one that stays. */
function removeRights(path: string): void {
  const prefix = `${basename(path)}.takeover-`;
  try {
    for (const name of readdirSync(dirname(path))) {
      if (name.startsWith(prefix)) removeFile(join(dirname(path), name));
    }
  } catch {
    // The lock is ours already; the next takeover tidies up.
  }
}

function rightPath(path: string, id: string): string {
  return `${path}.takeover-${id}`;
}

function last(chain: FoundClaim[]): FoundClaim {
  return chain[chain.length - 1]!;
}

export function pidOf(found: FoundClaim): number | undefined {
  return found.kind === "claim" ? found.claim.pid : undefined;
}
