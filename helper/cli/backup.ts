import type { Command } from "commander";
import { BackupSession } from "../session/backup-session.ts";
import { StatusPublisher } from "../session/status-publisher.ts";
import { helperIdentity } from "../session/helper-identity.ts";
import { isInside } from "../session/scanned-folders.ts";
import { isComplete, type RunSummary } from "../backup/run-summary.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { ensureStateDirs } from "../state/files/ensure-state-dirs.ts";
import { acquireLock } from "../state/lock/acquire-lock.ts";
import type { CliContext } from "./cli-context.ts";
import { addDestinationOptions } from "./destination-options.ts";
import { exitCodes } from "./exit-codes.ts";
import { adoptDestination } from "./grant-consent.ts";
import { countLost } from "./lost-words.ts";
import { missingBucketWords } from "./missing-bucket-words.ts";
import { openKnownStore } from "./open-known-store.ts";
import { outageTeller } from "./outage-teller.ts";
import { prepareBackup, type PreparedBackup } from "./prepare-backup.ts";
import { ProgressBar } from "./progress-bar.ts";
import { report, type CommandResult } from "./report.ts";
import type { DestinationOptions } from "./resolve-destination.ts";
import { runInterruptibly } from "./run-interruptibly.ts";
import { summaryWords } from "./summary-words.ts";
import { patienceSeconds, wholeSeconds } from "./whole-seconds.ts";

interface BackupOptions extends DestinationOptions {
  consent?: boolean;
  patience: number;
  progress?: boolean;
  rehash?: boolean;
  json?: boolean;
}

export function addBackupCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  const command = program
    .command("backup")
    .description("back up folders of photos once, then exit")
    .argument("[folders...]", "folders of photos; without any, the chosen ones")
    .option("--consent", "agree that the photos are uploaded to this bucket; asked for once for each destination")
    .option(
      "--patience <seconds>",
      "how long to wait for a service that does not answer",
      wholeSeconds,
      patienceSeconds,
    )
    .option("--rehash", "read every photo again, also those whose size and times are as they were")
    .option("--progress", "show the progress bar even where the output is no terminal")
    .option("--json", "print one JSON object instead of words");
  addDestinationOptions(command).action(async (folders: string[], options: BackupOptions) => {
    exit(await report(context, options, () => backup(folders, options, context)));
  });
}

async function backup(given: string[], options: BackupOptions, context: CliContext): Promise<CommandResult> {
  await ensureStateDirs(context.paths);
  const lock = await acquireLock(context.paths.helperLock);
  try {
    const prepared = await prepareBackup(given, options, context);
    const result = await runBackup(prepared, options, context, () => lock.verify());
    if (options.consent) await adoptDestination(context, prepared.destination);
    return result;
  } finally {
    await lock.release();
  }
}

async function runBackup(
  prepared: PreparedBackup,
  options: BackupOptions,
  context: CliContext,
  verifyOwnership: () => void,
): Promise<CommandResult> {
  const publisher = new StatusPublisher({
    paths: context.paths,
    identity: helperIdentity("cli", context),
    published: {
      activity: "starting",
      requestCount: () => 0,
      failures: () => [],
      ...(prepared.newestFolderAt ? { newestFolderAt: prepared.newestFolderAt } : {}),
    },
    now: context.now,
  });
  const bar = new ProgressBar(context.stderr, {
    isShown: options.progress ?? (!options.json && context.stderr.isTTY === true),
    stopping: context.interrupted,
    requestCount: () => publisher.published.requestCount(),
  });
  try {
    bar.show("Reading what is backed up");
    const running = { prepared, options, context, publisher, bar, verifyOwnership };
    return await runSession(await openSession(running), running);
  } finally {
    bar.stop();
  }
}

interface Running {
  prepared: PreparedBackup;
  options: BackupOptions;
  context: CliContext;
  publisher: StatusPublisher;
  bar: ProgressBar;
  verifyOwnership: () => void;
}

function openSession(running: Running): Promise<BackupSession> {
  const { prepared, options, context, publisher, bar, verifyOwnership } = running;
  const { destination, allowInsecureHttp } = prepared;
  const tellOutage = outageTeller(context, options.patience);
  const say = (words: string) => {
    if (!options.json) bar.aside(`${words}\n`);
  };
  return BackupSession.open({
    paths: context.paths,
    destination,
    openStore: () =>
      openKnownStore(context, destination, allowInsecureHttp, ({ detail = "" }) =>
        say(`What this bucket can do is asked anew each time; its file cannot be read: ${detail}`),
      ),
    publisher,
    patienceMs: options.patience * 1000,
    verifyOwnership,
    onProgress: (progress) => {
      bar.update(progress);
      if (!bar.isShown && !options.json) tellOutage(progress.outage);
    },
    onDamagedPiece: (key) => say(`A damaged piece of the catalogue was passed over: ${key}`),
    onCatalogueSurplus: () =>
      say("The catalogues in the bucket hold more lines than photos need; not all of them were used."),
  });
}

async function runSession(session: BackupSession, running: Running): Promise<CommandResult> {
  const { prepared, options, context, publisher, bar } = running;
  publisher.start();
  try {
    const summary = await runInterruptibly(session, prepared, { ...context, rehash: options.rehash === true });
    return resultOf(summary, session, prepared);
  } catch (error) {
    if (error instanceof BackupError) publisher.published.stoppedBy = { error, since: context.now() };
    if (error instanceof BackupError) context.stderr.write(missingBucketWords(error, session.ledger.size));
    throw error;
  } finally {
    bar.show("Writing down what was done");
    publisher.published.activity = "stopped";
    await publisher.stop();
    await session.close();
  }
}

function resultOf(summary: RunSummary, session: BackupSession, prepared: PreparedBackup): CommandResult {
  const { destination, folders, isOfNamed } = prepared;
  const lost = countLost(session.ledger.failures());
  // A backup of one folder has nothing to do with what another one lost, but tells of it.
  const isMeant = (path: string) => !isOfNamed || folders.some((folder) => isInside(path, folder.path));
  const hasLost = countLost(session.ledger.failures(), isMeant) > 0;
  const isFine = isComplete(summary) && !summary.catalogueError && !hasLost;
  return {
    json: { ...summary, ...(lost > 0 ? { lostEverywhere: lost } : {}) },
    words: summaryWords(summary, { destination, setAside: session.ledger.wasSetAside, lost }),
    exitCode: isFine ? exitCodes.done : exitCodes.withFailures,
  };
}
