import { copyFile, rename, rm } from "node:fs/promises";
import { translateStateError } from "../errors/translate-state-error.ts";
import type { Destination } from "../files/destination.ts";
import { destinationId } from "../files/destination-id.ts";
import { setAside } from "../files/set-aside.ts";
import { writeFileAtomic } from "../files/write-file-atomic.ts";
import type { FoundLedgerFiles } from "./find-ledger.ts";
import { journalHeaderFor, JournalFile, journalLine } from "./journal-file.ts";
import { changesEntry, type JournalRecord } from "./journal-record.ts";
import { applyRecord, type LedgerContent } from "./ledger-content.ts";
import type { LedgerFiles } from "./ledger-files.ts";
import type { LedgerOptions } from "./ledger-storage.ts";
import { Ledger } from "./ledger.ts";
import { PackedEntries } from "./packed-entries.ts";
import type { FoundJournal, ReadJournal } from "./read-journal.ts";

/**
 * Makes a ledger of what `findLedger` found, for the destination the files belong to (or a new one where there are none),
 * and mends what a kill or damage left. A journal that can't be read is set aside; a ledger that can't be read has been.
 */
export async function startLedger(
  files: LedgerFiles,
  found: FoundLedgerFiles,
  destination: Destination,
  options: LedgerOptions,
  wasSetAside?: string,
): Promise<Ledger> {
  const content = contentOf(found, destination);
  try {
    const continued = await chooseJournal(files, found, content, options);
    const journal = await openJournal(files, continued, content, options);
    const isRecovered = await settleNextJournal(files, found, content, journal, options);
    const isOfFile = found.ledger.kind === "read" && continued?.header.generation === found.ledger.head.generation;
    const isCurrent = isOfFile && continued.damagedLines === 0;
    const opened = {
      files,
      content,
      journal,
      // What disk and memory differ in beyond the journal's records is mended by the next fold, at the latest on closing.
      journalStartBytes: isCurrent ? continued.startSizeBytes : 0,
      entriesChangedAtBytes: isRecovered ? journal.sizeBytes : (continued?.changedSizeBytes ?? 0),
      ledgerBytes: found.ledger.kind === "read" ? found.ledger.sizeBytes : 0,
      isFileStale: !isCurrent || continued.records.some(changesEntry),
    };
    return new Ledger(opened, options, wasSetAside);
  } catch (error) {
    throw translateStateError(error, files.ledger);
  }
}

function contentOf({ ledger }: FoundLedgerFiles, destination: Destination): LedgerContent {
  const failures = new Map();
  if (ledger.kind !== "read") {
    return {
      head: { version: 1, generation: 0, destination, lastBackup: null },
      entries: new PackedEntries(),
      failures,
    };
  }
  // Its region may have changed: that is how the bucket is reached, not another destination.
  return { head: { ...ledger.head, destination }, entries: ledger.entries, failures };
}

/** The journal that continues the ledger, under its own name and applied to the content; undefined if there is none. */
async function chooseJournal(
  files: LedgerFiles,
  found: FoundLedgerFiles,
  content: LedgerContent,
  { now }: LedgerOptions,
): Promise<ReadJournal | undefined> {
  const { head } = content;
  const next = ofDestination(found.nextJournal, head.destination);
  let journal = ofDestination(found.journal, head.destination);
  if (found.ledger.kind === "read" && next?.header.generation === head.generation) {
    // The fold was committed, and killed before its journal got its own name.
    await rename(files.nextJournal, files.journal);
    journal = next;
  } else if (found.journal.kind !== "absent" && !journal) {
    await setAside(files.journal, now);
  }
  if (!journal || journal.header.generation < head.generation) return undefined;

  if (journal.damagedLines > 0) await copyFile(files.journal, `${files.journal}.corrupt-${fileTime(now())}`);
  // It may even be of a later generation than the ledger, which then was lost or put back from an older copy: what it
  // records is true all the same.
  head.generation = journal.header.generation;
  for (const record of journal.records) applyRecord(content, record);
  return journal;
}

async function openJournal(
  files: LedgerFiles,
  continued: ReadJournal | undefined,
  content: LedgerContent,
  { fs }: LedgerOptions,
): Promise<JournalFile> {
  if (continued) return new JournalFile(files.journal, continued.wholeSizeBytes, fs);
  const header = journalLine(journalHeaderFor(content.head));
  await writeFileAtomic(files.journal, header, { fs: fs.atomic });
  return new JournalFile(files.journal, Buffer.byteLength(header), fs);
}

/** Takes what only the next journal tells, and removes it. @returns whether there was anything */
async function settleNextJournal(
  files: LedgerFiles,
  found: FoundLedgerFiles,
  content: LedgerContent,
  journal: JournalFile,
  { now }: LedgerOptions,
): Promise<boolean> {
  try {
    const isRecovered = recoverLateRecords(found, content, journal);
    if (found.nextJournal.kind === "damaged") await setAside(files.nextJournal, now);
    await rm(files.nextJournal, { force: true });
    return isRecovered;
  } catch (error) {
    // Opening is tried again and again: each time an open file more, and soon there are no more to be had.
    journal.close();
    throw error;
  }
}

/**
 * Without a readable ledger nothing tells whether a killed fold was committed. If it was, photos recorded since then are
 * in the next journal only. Its failures may be older than what the journal says, so they don't count.
 */
function recoverLateRecords(
  { ledger, nextJournal }: FoundLedgerFiles,
  content: LedgerContent,
  journal: JournalFile,
): boolean {
  const next = ofDestination(nextJournal, content.head.destination);
  if (ledger.kind === "read" || !next) return false;
  const late: JournalRecord[] = next.records.filter(({ op }) => op !== "fail");
  if (late.length === 0) return false;
  journal.append(Buffer.from(late.map(journalLine).join("")));
  for (const record of late) applyRecord(content, record);
  return true;
}

function ofDestination(journal: FoundJournal, destination: Destination): ReadJournal | undefined {
  if (journal.kind !== "read") return undefined;
  return journal.header.destinationId === destinationId(destination) ? journal : undefined;
}

function fileTime(at: number): string {
  return new Date(at).toISOString().replaceAll(":", "-");
}
