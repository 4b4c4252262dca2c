import type { LedgerPort } from "./ledger-port.ts";
import { lossCodes, noteLost } from "./note-lost.ts";
import type { UnreadableFolder } from "./run-progress.ts";
import type { ScannedFolder } from "./candidate.ts";

export interface ScanResult {
  folders: ScannedFolder[];
  unreadableFolders: UnreadableFolder[];
  seen: ReadonlySet<string>;
}

/**
 * Notes since when a photo is gone from the disk; its entry and its object stay (invariant 4). What lies below a
 * folder that could not be read is not known to be gone.
 */
export function markMissing({ folders, unreadableFolders, seen }: ScanResult, ledger: LedgerPort, now: number): void {
  const at = new Date(now).toISOString();
  const scanned = folders.map((folder) => asBase(folder.path));
  const unread = unreadableFolders.map((folder) => asBase(folder.path));
  const gone: string[] = [];
  const unseen: string[] = [];
  for (const path of ledger.paths()) if (!seen.has(path)) unseen.push(path);
  for (const path of unseen) {
    if (ledger.known(path)?.missingSince) continue;
    if (isBelow(path, scanned) && !isBelow(path, unread)) gone.push(path);
  }
  for (const path of gone) ledger.markMissing(path, at);
  const lost = [...ledger.failures()].filter(
    ([path, { code }]) => !lossCodes.has(code) && !seen.has(path) && isBelow(path, scanned) && !isBelow(path, unread),
  );
  for (const [path] of lost) ledger.clearFailure(path);
  noteLost(ledger, unseen, now);
}

/** A scan that could read where it lay did not see it. */
export function isPresumedDeleted(path: string, { folders, unreadableFolders, seen }: ScanResult): boolean {
  if (seen.has(path)) return false;
  const basesOf = (found: { path: string }[]) => found.map((folder) => asBase(folder.path));
  return isBelow(path, basesOf(folders)) && !isBelow(path, basesOf(unreadableFolders));
}

function asBase(path: string): string {
  return path.endsWith("/") ? path : `${path}/`;
}

function isBelow(path: string, bases: string[]): boolean {
  return bases.some((base) => path.startsWith(base));
}
