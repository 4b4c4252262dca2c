import { randomBytes } from "node:crypto";
import { InvalidArgumentError, type Command } from "commander";
import { systemClock } from "../backup/clock.ts";
import { DestinationGate } from "../backup/destination-gate.ts";
import { nodeFileSystem } from "../backup/file-system.ts";
import type { ObjectStore } from "../backup/object-store.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { compareDisk } from "../verify/compare-disk.ts";
import { entriesWhere, expectedObjects, keysOf } from "../verify/expected-object.ts";
import { VerifyRun } from "../verify/verify-run.ts";
import { isAllPresent } from "../verify/verify-summary.ts";
import type { CliContext } from "./cli-context.ts";
import { counted } from "./counted.ts";
import { addKnownDestinationOptions } from "./destination-options.ts";
import { exitCodeOf as exitCodeForError, exitCodes } from "./exit-codes.ts";
import { Interrupted } from "./interrupted.ts";
import { lookAtCatalogue } from "./look-at-catalogue.ts";
import { prepareVerify, type PreparedVerify } from "./prepare-verify.ts";
import { errorWords, report, type CommandResult } from "./report.ts";
import type { DestinationOptions } from "./resolve-destination.ts";
import { VerifyBar } from "./verify-bar.ts";
import { verifyWords, type VerifyReport } from "./verify-words.ts";
import { patienceSeconds, wholeSeconds } from "./whole-seconds.ts";
import { writeDownFindings } from "./write-down-findings.ts";

interface VerifyOptions extends DestinationOptions {
  readData?: true | number;
  seed?: string;
  patience: number;
  json?: boolean;
}

/** Findings in the JSON: a lost bucket would fill gigabytes. */
const findingsListedMost = 1_000;

export function addVerifyCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  const command = program
    .command("verify")
    .description("prove that what was backed up is still in the bucket; changes nothing there")
    .argument("[folders...]", "only the photos in these folders; without any, the whole backup")
    .option(
      "--read-data [percent]",
      "also download this share of the objects and check their bytes; all without a number",
      percent,
    )
    .option("--seed <text>", "which objects a share is made of; the same seed takes the same ones")
    .option(
      "--patience <seconds>",
      "how long to wait for a service that does not answer",
      wholeSeconds,
      patienceSeconds,
    )
    .option("--json", "print one JSON object instead of words");
  addKnownDestinationOptions(command).action(async (folders: string[], options: VerifyOptions) => {
    exit(await report(context, options, () => verify(folders, options, context)));
  });
}

function percent(given: string): number {
  const value = Number(given);
  if (/^\d+(\.\d+)?$/.test(given) && value > 0 && value <= 100) return value;
  throw new InvalidArgumentError("It takes a percentage above 0 and up to 100, as in --read-data=5.");
}

async function verify(given: string[], options: VerifyOptions, context: CliContext): Promise<CommandResult> {
  const bar = new VerifyBar(context.stderr, {
    isShown: !options.json && context.stderr.isTTY === true,
    stopping: context.interrupted,
  });
  let store: ObjectStore | undefined;
  try {
    bar.show(() => "Reading what is backed up");
    const prepared = await prepareVerify(given, options, context);
    const { destination, allowInsecureHttp, chosenPhotos } = prepared;
    if (chosenPhotos > 0) store = await context.parts.openStore(destination, { allowInsecureHttp });
    return await compareWithBucket(prepared, options, context, { store, bar });
  } finally {
    bar.stop();
    store?.close();
  }
}

async function compareWithBucket(
  prepared: PreparedVerify,
  options: VerifyOptions,
  context: CliContext,
  { store, bar }: { store: ObjectStore | undefined; bar: VerifyBar },
): Promise<CommandResult> {
  const { destination, folders, isOfFolders, entries, isChosen, chosenPhotos } = prepared;
  const startedAt = context.now();
  const signal = context.interrupted;
  const expected = expectedObjects(entriesWhere(entries, isChosen));
  const known = isOfFolders ? keysOf(entries) : expected;
  const parts = partsOf(options, store);
  let catalogue: Awaited<ReturnType<typeof tryToLook>> = {};
  const run = new VerifyRun({
    ...parts,
    ...{ prefix: destination.prefix, expected, photos: chosenPhotos, isKnown: (key) => known.has(key) },
    isListed: true,
    headsMost: Number.POSITIVE_INFINITY,
    signal,
    onProgress: (progress) => bar.update(progress),
  });
  let disk: Awaited<ReturnType<typeof compareDisk>> | undefined;
  try {
    if (folders.length > 0) disk = await lookThrough({ folders, entries, signal }, bar);
    bar.show(() => "Asking the bucket");
    const steps = run.steps();
    while (store && !(await steps.next()).done) signal.throwIfAborted();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  // What was found of the photos stands, whatever comes of the catalogue.
  const isPartial = signal.aborted;
  if (store && !isOfFolders && !isPartial)
    catalogue = await tryToLook(() => lookAtCatalogue(destination, { ...parts, store, signal }, context), signal);
  bar.show(() => "Writing down what was found");
  const { summary } = run;
  const isWhole = !isPartial && !isOfFolders && store !== undefined;
  const found = { summary, destination, isWhole, isPartial };
  const { noted, unwritten } = await writeDownFindings(found, context);
  const elapsedMs = context.now() - startedAt;
  const place = `${destination.bucket}${destination.prefix ? `/${destination.prefix}` : ""}`;
  return resultOf(
    { place, summary, ...catalogue, disk, isPartial, isOfFolders, noted, unwritten, elapsedMs },
    { isKept: isWhole && !unwritten, requests: store?.requestCount ?? 0, exitCode: exitCodeOf(signal) },
  );
}

/** @throws what nobody foresaw */
async function tryToLook(
  look: () => Promise<VerifyReport["catalogue"]>,
  signal: AbortSignal,
): Promise<Pick<VerifyReport, "catalogue" | "catalogueError">> {
  try {
    return { catalogue: await look() };
  } catch (error) {
    if (signal.aborted) return {};
    if (error instanceof BackupError) return { catalogueError: error };
    throw error;
  }
}

function lookThrough(given: Omit<Parameters<typeof compareDisk>[0], "fs">, bar: VerifyBar) {
  let photos = 0;
  bar.show(() => `Looking through the folders: ${counted(photos, "photo")}`);
  return compareDisk({ ...given, fs: nodeFileSystem, onPhoto: () => (photos += 1) });
}

function partsOf({ readData, seed, patience }: VerifyOptions, store: ObjectStore | undefined) {
  return {
    store: store as ObjectStore,
    clock: systemClock,
    gate: new DestinationGate({ clock: systemClock, random: Math.random, patienceMs: patience * 1000 }),
    readPercent: readData === true ? 100 : (readData ?? 0),
    seed: seed ?? randomBytes(4).toString("hex"),
  };
}

function exitCodeOf(signal: AbortSignal): number | undefined {
  return signal.aborted && signal.reason instanceof Interrupted ? signal.reason.exitCode : undefined;
}

/** All photos are there; something else is not as it should be. */
function ownExitCode(error: BackupError | undefined): number {
  return error ? exitCodeForError(error) : exitCodes.done;
}

interface Rest {
  isKept: boolean;
  requests: number;
  exitCode: number | undefined;
}

function resultOf(found: VerifyReport, { isKept, requests, exitCode }: Rest): CommandResult {
  const { summary, catalogue, catalogueError, disk, isPartial, elapsedMs, noted, unwritten } = found;
  const isWhole = isAllPresent(summary) && (catalogue?.missing ?? 0) === 0;
  const isFine = isWhole && (disk === undefined || disk.notBackedUp + disk.unreadable === 0);
  return {
    json: {
      partial: isPartial,
      kept: isKept,
      ...summary,
      findings: summary.findings.slice(0, findingsListedMost),
      read: summary.read ?? null,
      catalogue: catalogue ?? null,
      ...(catalogueError ? { catalogueError: errorWords(catalogueError) } : {}),
      disk: disk ?? null,
      noted,
      ...(unwritten ? { stateError: errorWords(unwritten) } : {}),
      requests,
      elapsedMs,
    },
    words: verifyWords(found),
    exitCode: exitCode ?? (isFine && !isPartial ? ownExitCode(unwritten ?? catalogueError) : exitCodes.withFailures),
  };
}
