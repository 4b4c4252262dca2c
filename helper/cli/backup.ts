import { resolve } from "node:path";
import { InvalidArgumentError, type Command } from "commander";
import { BackupSession } from "../session/backup-session.ts";
import { chosenFolders, coversAll, isInside, newestFolderAt, oneOffFolder } from "../session/scanned-folders.ts";
import { StatusPublisher } from "../session/status-publisher.ts";
import { readAskedFor } from "../session/asked-for.ts";
import { hasConsent } from "../session/has-consent.ts";
import { helperIdentity } from "../session/helper-identity.ts";
import type { RunProgress } from "../backup/run-progress.ts";
import { isComplete, type RunSummary } from "../backup/run-summary.ts";
import type { ScannedFolder } from "../backup/candidate.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { Destination } from "../state/files/destination.ts";
import { ensureStateDirs } from "../state/files/ensure-state-dirs.ts";
import { readSettings, updateSettings } from "../state/files/settings-store.ts";
import type { Settings } from "../state/files/settings.ts";
import { acquireLock } from "../state/lock/acquire-lock.ts";
import { checkFolder, refuseOverlap } from "./check-folder.ts";
import type { CliContext } from "./cli-context.ts";
import { addDestinationOptions } from "./destination-options.ts";
import { exitCodes } from "./exit-codes.ts";
import { adoptDestination, grantConsent } from "./grant-consent.ts";
import { openKnownStore } from "./open-known-store.ts";
import { ProgressBar } from "./progress-bar.ts";
import { report, type CommandResult } from "./report.ts";
import { allowsInsecureHttp, resolveDestination, type DestinationOptions } from "./resolve-destination.ts";
import { summaryWords } from "./summary-words.ts";
import { UsageError } from "./usage-error.ts";

interface Prepared {
  destination: Destination;
  allowInsecureHttp: boolean;
  folders: ScannedFolder[];
  coversEverything: boolean;
  newestFolderAt: string | undefined;
}

interface BackupOptions extends DestinationOptions {
  consent?: boolean;
  patience: number;
  progress?: boolean;
  rehash?: boolean;
  json?: boolean;
}

/** An outage during a run from the command line may last this long, if not told otherwise; the daemon waits forever. */
const patienceSeconds = 5 * 60;

/** A body on the wire may finish within this time after Ctrl+C or SIGTERM; then it is given up. */
const finishMs = 8_000;

export function addBackupCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  const command = program
    .command("backup")
    .description("back up folders of photos once, then exit")
    .argument("[folders...]", "folders of photos; without any, the chosen ones")
    .option("--consent", "agree that the photos are uploaded to this bucket; asked for once for each destination")
    .option("--patience <seconds>", "how long to wait for a service that does not answer", seconds, patienceSeconds)
    .option("--rehash", "read every photo again, also those whose size and times are as they were")
    .option("--progress", "show the progress bar even where the output is no terminal")
    .option("--json", "print one JSON object instead of words");
  addDestinationOptions(command).action(async (folders: string[], options: BackupOptions) => {
    exit(await report(context, options, () => backup(folders, options, context)));
  });
}

function seconds(given: string): number {
  if (/^\d{1,7}$/.test(given)) return Number(given);
  throw new InvalidArgumentError("It takes a whole number of seconds.");
}

async function backup(given: string[], options: BackupOptions, context: CliContext): Promise<CommandResult> {
  await ensureStateDirs(context.paths);
  const lock = await acquireLock(context.paths.helperLock);
  try {
    const prepared = await prepare(given, options, context);
    const result = await runBackup(prepared, options, context, () => lock.verify());
    if (options.consent) await adoptDestination(context, prepared.destination);
    return result;
  } finally {
    await lock.release();
  }
}

async function prepare(given: string[], options: BackupOptions, context: CliContext): Promise<Prepared> {
  let settings = await readSettings(context.paths);
  const destination = resolveDestination(options, settings, context.env);
  const allowInsecureHttp = allowsInsecureHttp(options, settings);
  const paths = await checkFolders(given, settings, context);
  if (paths.length === 0 && settings.folders.length === 0) throw new BackupError("no-folders");
  if (options.consent) settings = await grantConsent(context, destination, allowInsecureHttp, { isUntried: true });
  if (!hasConsent(settings, destination)) throw new BackupError("no-consent", { detail: destination.bucket });
  const folders = paths.length > 0 ? await labeled(paths, context) : chosenFolders(settings);
  return {
    destination,
    allowInsecureHttp,
    folders,
    coversEverything: coversAll(folders, settings),
    newestFolderAt: newestFolderAt(settings),
  };
}

async function checkFolders(given: string[], settings: Settings, context: CliContext): Promise<string[]> {
  const paths: string[] = [];
  const refused: unknown[] = [];
  const chosen = settings.folders.map((folder) => folder.path);
  for (const folder of given) {
    const path = await checkFolder(folder, context.cwd).catch((error: unknown) => {
      refused.push(error);
      return resolve(context.cwd, folder);
    });
    refuseBoth(path, paths);
    // Inside a chosen folder is fine, it keeps that one's keys; around one, the same photos would get two.
    refuseOverlap(
      path,
      chosen.filter((other) => !isInside(path, other)),
    );
    if (!paths.includes(path)) paths.push(path);
  }
  // One that is missing keeps no other from its backup: the scan reports it, and the exit code does.
  if (refused.length > 0 && refused.length === given.length) throw refused[0];
  return paths;
}

function refuseBoth(path: string, named: readonly string[]): void {
  for (const other of named) {
    if (path === other || (!isInside(path, other) && !isInside(other, path))) continue;
    const [inner, outer] = isInside(path, other) ? [path, other] : [other, path];
    throw new UsageError(`${inner} is inside ${outer}, which is named too.`, `Leave ${inner} out.`);
  }
}

/** Labels given to one-off folders are kept: the same folder has the same keys the next time. */
async function labeled(paths: string[], context: CliContext): Promise<ScannedFolder[]> {
  let folders: ScannedFolder[] = [];
  await updateSettings(context.paths, (settings) => {
    const labels = { ...settings.labels };
    folders = paths.map((path) => {
      const folder = oneOffFolder(path, { ...settings, labels });
      if (folder.root === path) labels[path] = folder.label;
      return folder;
    });
    return { ...settings, labels };
  });
  return folders;
}

async function runBackup(
  prepared: Prepared,
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
  });
  const tellOutage = outageTeller(context, options.patience);
  const { destination, allowInsecureHttp } = prepared;
  const session = await BackupSession.open({
    paths: context.paths,
    destination,
    openStore: () =>
      openKnownStore(context, destination, allowInsecureHttp, ({ detail = "" }) => {
        if (options.json) return;
        context.stderr.write(`What this bucket can do is asked anew each time; its file cannot be read: ${detail}\n`);
      }),
    publisher,
    patienceMs: options.patience * 1000,
    verifyOwnership,
    onProgress: (progress) => {
      bar.update(progress);
      if (!bar.isShown && !options.json) tellOutage(progress.outage);
    },
    onDamagedPiece: (key) => {
      if (!options.json) context.stderr.write(`A damaged piece of the catalogue was passed over: ${key}\n`);
    },
  });
  publisher.start();
  try {
    const summary = await runInterruptibly(session, prepared, { ...context, rehash: options.rehash === true });
    return resultOf(summary, session, prepared);
  } catch (error) {
    if (error instanceof BackupError) publisher.published.stoppedBy = { error, since: context.now() };
    throw error;
  } finally {
    bar.stop();
    publisher.published.activity = "stopped";
    await publisher.stop();
    await session.close();
  }
}

/** Where no bar shows it, one line says why nothing happens for minutes. */
function outageTeller(context: CliContext, patience: number): (outage: RunProgress["outage"]) => void {
  let told: string | undefined;
  return (outage) => {
    if (outage?.error.code === told) return;
    told = outage?.error.code;
    if (!outage) return void context.stderr.write("It answers again.\n");
    const { title, what } = outage.error.reason;
    context.stderr.write(`${title}: ${what} Trying for up to ${patience} seconds more.\n`);
  };
}

/** No new photo is begun after an interruption; the one on the wire gets `finishMs`. */
async function runInterruptibly(
  session: BackupSession,
  prepared: Prepared,
  context: CliContext & { rehash: boolean },
): Promise<RunSummary> {
  const aborting = new AbortController();
  const giveUp = () => setTimeout(() => aborting.abort(context.interrupted.reason), finishMs).unref();
  context.interrupted.addEventListener("abort", giveUp, { once: true });
  try {
    const asked = await readAskedFor(context.paths);
    const summary = await session.run({
      folders: prepared.folders,
      coversEverything: prepared.coversEverything,
      // Whoever types the command asks for everything, also for what failed a minute ago.
      retryAll: true,
      retryPaths: asked.retryPaths,
      anywayPaths: asked.anywayPaths,
      rehash: context.rehash,
      stopping: context.interrupted,
      aborting: aborting.signal,
    });
    // What is asked about other folders waits for the run that scans them.
    await asked.done(prepared.coversEverything ? undefined : prepared.folders.map((folder) => folder.path));
    return summary;
  } finally {
    context.interrupted.removeEventListener("abort", giveUp);
  }
}

function resultOf(summary: RunSummary, session: BackupSession, { destination }: Prepared): CommandResult {
  return {
    json: summary,
    words: summaryWords(summary, { destination, setAside: session.ledger.wasSetAside }),
    exitCode: isComplete(summary) && !summary.catalogueError ? exitCodes.done : exitCodes.withFailures,
  };
}
