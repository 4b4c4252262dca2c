import { existsSync } from "node:fs";
import { translateStateError } from "../errors/translate-state-error.ts";
import type { Destination } from "../files/destination.ts";
import { destinationId } from "../files/destination-id.ts";
import { ensureStateDirs } from "../files/ensure-state-dirs.ts";
import { removeAbandonedTemps } from "../files/remove-abandoned-temps.ts";
import { setAside } from "../files/set-aside.ts";
import type { StatePaths } from "../state-paths.ts";
import { findLedger } from "./find-ledger.ts";
import { ledgerFilesInUse, parkedLedgerFiles } from "./ledger-files.ts";
import { nodeLedgerFs } from "./ledger-fs.ts";
import type { LedgerOptions } from "./ledger-storage.ts";
import type { Ledger } from "./ledger.ts";
import { parkLedger, reuniteJournal, takeLedgerBack } from "./move-ledger.ts";
import { readJournal } from "./read-journal.ts";
import { startLedger } from "./start-ledger.ts";

/**
 * Opens the ledger of a destination; the caller holds `helper.lock`. Another destination's ledger is folded and parked in
 * `ledgers/`, and this one's taken back from there. A ledger that can't be read is set aside (`ledger.wasSetAside`) and
 * started anew with what its journal still tells. Throws "newer-schema", with nothing touched, "disk-full" or
 * "state-unwritable". `verifyOwnership` throws once `helper.lock` is lost (`HeldLock.verify`).
 */
export async function openLedger(
  paths: StatePaths,
  destination: Destination,
  options: Partial<LedgerOptions> = {},
): Promise<Ledger> {
  const ledgerOptions: LedgerOptions = {
    fs: nodeLedgerFs,
    now: Date.now,
    verifyOwnership: () => undefined,
    onFoldStep: () => undefined,
    onEntry: () => undefined,
    ...options,
  };
  await ensureStateDirs(paths);
  try {
    return await bringIntoUse(paths, destination, ledgerOptions);
  } catch (error) {
    throw translateStateError(error, paths.ledger);
  }
}

async function bringIntoUse(paths: StatePaths, destination: Destination, options: LedgerOptions): Promise<Ledger> {
  const inUse = ledgerFilesInUse(paths);
  const parked = parkedLedgerFiles(paths, destinationId(destination));
  let found = await findLedger(inUse);
  // Read only to refuse a newer version's before anything is touched.
  if (existsSync(parked.ledger)) await findLedger(parked);

  await removeAbandonedTemps(paths);
  let wasSetAside: string | undefined;
  const setCorruptAside = async () => {
    if (found.ledger.kind !== "corrupt") return;
    wasSetAside = await setAside(inUse.ledger, options.now);
    found = { ...found, ledger: { kind: "absent" } };
  };
  await setCorruptAside();
  if (found.destination && found.journal.kind === "absent") {
    await reuniteJournal(parkedLedgerFiles(paths, destinationId(found.destination)), inUse);
    found = { ...found, journal: await readJournal(inUse.journal) };
  }
  const isOurs = found.destination && destinationId(found.destination) === destinationId(destination);
  if (found.destination && !isOurs) {
    const other = await startLedger(inUse, found, found.destination, options);
    await other.close();
    await parkLedger(inUse, parkedLedgerFiles(paths, destinationId(found.destination)), options.now);
  }
  if (!isOurs) {
    await takeLedgerBack(parked, inUse);
    found = await findLedger(inUse);
    // Invariant 10: parked, it may have been damaged too.
    await setCorruptAside();
  }
  return startLedger(inUse, found, destination, options, wasSetAside);
}
