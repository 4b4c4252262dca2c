import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import { changedKeysOf, goneSinceOf } from "./lost-object.ts";
import type { LedgerPort } from "./ledger-port.ts";

/** Reasons of a photo that is neither in the bucket nor on the disk: no scan may forget it. */
export const lossCodes: ReadonlySet<string> = new Set(["gone-from-bucket", "changed-in-bucket"]);

/**
 * Of these photos, which no scan saw, lists as failed every one whose object was lost and whose file is gone from the disk
 * too. A file that comes back is uploaded, which clears the failure.
 */
export function noteLost(ledger: LedgerPort, unseen: Iterable<string>, now: number): void {
  for (const path of unseen) {
    const known = ledger.known(path);
    if (goneSinceOf(known) === undefined || known?.missingSince === undefined) continue;
    const entry = ledger.get(path) as LedgerEntry;
    const code = changedKeysOf(entry).includes(entry.s3Key) ? "changed-in-bucket" : "gone-from-bucket";
    if (ledger.failure(path)?.code === code) continue;
    const firstAt = goneSinceOf(entry) as string;
    const lastAt = new Date(now).toISOString();
    ledger.fail(path, { code, kind: "failed", attempts: 0, firstAt, lastAt, detail: entry.s3Key });
  }
}
