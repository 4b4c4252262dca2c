import type { LedgerPort } from "../backup/ledger-port.ts";
import { goneSinceOf } from "../backup/lost-object.ts";

/** Photos in the ledger, and those of them whose objects were lost while their files are still on disk. */
export function countRecorded(ledger: LedgerPort): { recorded: number; lost: number } {
  let recorded = 0;
  let lost = 0;
  for (const [, entry] of ledger.entries()) {
    recorded += 1;
    if (goneSinceOf(entry) !== undefined && entry.missingSince === undefined) lost += 1;
  }
  return { recorded, lost };
}
