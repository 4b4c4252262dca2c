import type { LedgerPort } from "../backup/ledger-port.ts";
import { changedKeysOf, goneSinceOf } from "../backup/lost-object.ts";
import { noteLost } from "../backup/note-lost.ts";
import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import type { Finding } from "./verify-summary.ts";

/**
 * Writes into the ledger which photos are no longer in the bucket, so that the next run sends them again. Earlier
 * versions are not marked: nobody has their bytes any more. An entry that was renewed meanwhile is left alone.
 * @returns photos marked
 */
export function markLost(ledger: LedgerPort, findings: readonly Finding[], now: number): number {
  const at = new Date(now).toISOString();
  const lost = new Map<string, "missing" | "changed">();
  for (const { key, verdict, isEarlier } of findings) {
    if (!isEarlier && verdict !== "unproved") lost.set(key, verdict);
  }
  let marked = 0;
  for (const path of lost.size > 0 ? pathsAt(lost, ledger) : []) {
    const entry = ledger.get(path);
    const verdict = entry && lost.get(entry.s3Key);
    if (!verdict || goneSinceOf(entry) !== undefined) continue;
    ledger.put(path, lostEntry(entry, verdict, at));
    marked += 1;
  }
  noteLost(ledger, ledger.paths(), now);
  return marked;
}

/** Copies share an object, and those outside of the verified folder have lost it too. */
function pathsAt(keys: ReadonlyMap<string, unknown>, ledger: LedgerPort): string[] {
  return [...ledger.entries()].filter(([, { s3Key }]) => keys.has(s3Key)).map(([path]) => path);
}

function lostEntry(entry: LedgerEntry, verdict: "missing" | "changed", at: string): LedgerEntry {
  if (verdict === "missing") return { ...entry, goneSince: at };
  const changedKeys = [...new Set([...changedKeysOf(entry), entry.s3Key])];
  return { ...entry, goneSince: at, changedKeys };
}

/** Takes the mark from photos whose objects are back and proved. @returns photos that are whole again */
export function unmarkReturned(ledger: LedgerPort, isPresent: (key: string) => boolean): number {
  const returned = [...ledger.entries()].filter(([, entry]) => {
    const isCondemned = changedKeysOf(entry).includes(entry.s3Key);
    return goneSinceOf(entry) !== undefined && !isCondemned && isPresent(entry.s3Key);
  });
  for (const [path, entry] of returned) {
    const whole = { ...entry };
    delete whole.goneSince;
    ledger.put(path, whole);
  }
  return returned.length;
}
