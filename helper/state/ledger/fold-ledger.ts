import { dirname } from "node:path";
import { syncFolder } from "../files/sync-folder.ts";
import { tempNameFor, writeTempFile } from "../files/write-temp-file.ts";
import { journalHeaderFor, JournalFile, journalLine } from "./journal-file.ts";
import type { LedgerContent } from "./ledger-content.ts";
import type { LedgerFiles } from "./ledger-files.ts";
import type { LedgerFs } from "./ledger-fs.ts";
import type { LedgerHead } from "./ledger-head.ts";
import { ledgerLines } from "./ledger-lines.ts";

export type FoldStep =
  | "wrote-ledger"
  | "wrote-journal"
  | "synced-folder"
  | "copied-records"
  | "renamed-ledger"
  | "synced-rename"
  | "renamed-journal";

interface Fold {
  files: LedgerFiles;
  content: LedgerContent;
  journal: JournalFile;
  fs: LedgerFs;
  verifyOwnership(): void;
  /** Called between any two steps; awaited where the fold itself waits. */
  onStep(step: FoldStep): void | Promise<void>;
  /** Called in the very moment the new ledger is in place: from here on the new journal counts. */
  onCommit(folded: { head: LedgerHead; journal: JournalFile; startSizeBytes: number; ledgerSizeBytes: number }): void;
}

/**
 * Writes ledger and journal of the next generation, N + 1, while records go on being added to the journal of N.
 *
 * The order of the writes, and what a start finds after a kill at each:
 * 1. ledger N + 1 to a temporary file, synced. Killed: ledger N, journal N; the temporary file is swept away.
 * 2. journal N + 1 to `….next`, synced: its header and every outstanding failure, since failures live in journals only and
 *    journal N will be ignored. Killed: ledger N, journal N; a next journal whose generation isn't the ledger's is dropped.
 * 3. the folder synced, so that no power cut can keep the rename of step 5 and lose the file of step 2.
 * 4. every record that came since the fold began, copied from journal N to the next one. Ledger N + 1 may or may not hold
 *    them, and records can be applied twice. Killed: as after 2.
 * 5. ledger N + 1 renamed into place. 4 and 5 are one synchronous step, so no record falls between them. From now on
 *    records go to the next journal. Killed: ledger N + 1; the next journal names its generation and is put in place of
 *    journal N.
 * 6. the folder synced, and only then the next journal renamed over journal N: until the rename of the ledger is durable,
 *    ledger N must find its journal. Killed: as after 5, or done.
 */
export async function foldLedger(fold: Fold): Promise<void> {
  const { files, content, journal, fs } = fold;
  const foldedFromBytes = journal.sizeBytes;
  const head = { ...content.head, generation: content.head.generation + 1 };
  const tempPath = tempNameFor(files.ledger);
  const ledger = await writeTempFile(tempPath, ledgerLines(head, content.entries), { fs: fs.atomic });
  let next: JournalFile | undefined;
  try {
    await fold.onStep("wrote-ledger");
    const start = await writeNextJournal(fold, head);
    await fold.onStep("wrote-journal");
    await syncFolder(dirname(files.ledger), fs.atomic);
    await fold.onStep("synced-folder");

    fold.verifyOwnership();
    next = new JournalFile(files.nextJournal, start.sizeBytes, fs);
    const late = journal.readFrom(foldedFromBytes);
    if (late.length > 0) next.append(late);
    void fold.onStep("copied-records");
    fs.renameSync(tempPath, files.ledger);
    fold.onCommit({ head, journal: next, startSizeBytes: start.sizeBytes, ledgerSizeBytes: ledger.sizeBytes });
  } catch (error) {
    next?.close();
    await fs.atomic.unlink(tempPath).catch(() => undefined);
    await fs.atomic.unlink(files.nextJournal).catch(() => undefined);
    throw error;
  }
  await fold.onStep("renamed-ledger");
  await settleNextJournal(fold);
}

/** Step 6, and what is left to do when it failed the last time. */
export async function settleNextJournal({ files, fs, onStep }: Pick<Fold, "files" | "fs" | "onStep">): Promise<void> {
  await syncFolder(dirname(files.ledger), fs.atomic);
  await onStep("synced-rename");
  await fs.atomic.rename(files.nextJournal, files.journal);
  await onStep("renamed-journal");
}

async function writeNextJournal({ files, content, fs }: Fold, head: LedgerHead): Promise<{ sizeBytes: number }> {
  await fs.atomic.unlink(files.nextJournal).catch(() => undefined);
  return writeTempFile(files.nextJournal, startOfJournal(head, content), { fs: fs.atomic });
}

/** The first lines of a journal: its header and the failures that are outstanding. */
export function* startOfJournal(head: LedgerHead, { failures }: Pick<LedgerContent, "failures">): Generator<string> {
  yield journalLine(journalHeaderFor(head));
  for (const [path, failure] of failures) yield journalLine({ op: "fail", path, failure });
}
