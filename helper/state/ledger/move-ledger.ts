import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { dirname } from "node:path";
import { syncFolder } from "../files/sync-folder.ts";
import type { LedgerFiles } from "./ledger-files.ts";

/**
 * Parks a closed ledger with its journal. The journal goes first, so a kill in between leaves a ledger in use without its
 * journal, which `reuniteJournal` puts right. The other way round a journal would be left without its ledger, which is
 * what a lost ledger looks like. A parked ledger that is in the way (a person's copy) is kept under another name.
 */
export async function parkLedger(inUse: LedgerFiles, parked: LedgerFiles, now: () => number): Promise<void> {
  if (existsSync(inUse.journal)) await rename(inUse.journal, parked.journal);
  await syncFolder(dirname(parked.journal));
  if (existsSync(parked.ledger)) {
    await rename(parked.ledger, `${parked.ledger}.older-${new Date(now()).toISOString().replaceAll(":", "-")}`);
  }
  await rename(inUse.ledger, parked.ledger);
  await syncFolder(dirname(parked.ledger));
  await syncFolder(dirname(inUse.ledger));
}

/** The way back, in the opposite order for the same reason. */
export async function takeLedgerBack(parked: LedgerFiles, inUse: LedgerFiles): Promise<void> {
  if (existsSync(parked.ledger)) await rename(parked.ledger, inUse.ledger);
  await syncFolder(dirname(inUse.ledger));
  await reuniteJournal(parked, inUse);
}

/** Brings the journal to a ledger in use that has none, because parking or taking back was killed half-way. */
export async function reuniteJournal(parked: LedgerFiles, inUse: LedgerFiles): Promise<void> {
  if (!existsSync(inUse.ledger) || existsSync(inUse.journal) || !existsSync(parked.journal)) return;
  await rename(parked.journal, inUse.journal);
  await syncFolder(dirname(inUse.journal));
}
