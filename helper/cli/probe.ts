import type { Command } from "commander";
import { neededActions } from "../probe/iam-policy.ts";
import type { ProbeReport } from "../probe/probe-report.ts";
import { hasConsent } from "../session/has-consent.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { updateCapabilities } from "../state/files/capabilities-store.ts";
import type { Destination } from "../state/files/destination.ts";
import { readSettings } from "../state/files/settings-store.ts";
import type { CliContext } from "./cli-context.ts";
import { addKnownDestinationOptions } from "./destination-options.ts";
import { exitCodes } from "./exit-codes.ts";
import { probeWords } from "./probe-words.ts";
import { report, type CommandResult } from "./report.ts";
import { allowsInsecureHttp, resolveDestination, type DestinationOptions } from "./resolve-destination.ts";
import { withWaitLine } from "./wait-line.ts";

interface ProbeOptions extends DestinationOptions {
  consent?: boolean;
  json?: boolean;
}

export function addProbeCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  const command = program
    .command("probe")
    .description("what the bucket can do, what the access key lacks, and the policy to give it")
    .option("--consent", "agree that a few tiny objects are written to this bucket; no photo is")
    .option("--json", "print one JSON object instead of words");
  addKnownDestinationOptions(command).action(async (options: ProbeOptions) => {
    exit(await report(context, options, () => probe(options, context)));
  });
}

async function probe(options: ProbeOptions, context: CliContext): Promise<CommandResult> {
  const settings = await readSettings(context.paths);
  const destination = resolveDestination(options, settings, context.env);
  if (!options.consent && !hasConsent(settings, destination)) {
    throw new BackupError("no-consent", { detail: `the probe writes a few tiny objects to ${destination.bucket}` });
  }
  const allowInsecureHttp = allowsInsecureHttp(options, settings);
  const found = await withWaitLine(context, options, "Asking the bucket what it can do", () =>
    context.parts.probeBucket(destination, { allowInsecureHttp, now: context.now, signal: context.interrupted }),
  );
  await keep(found, destination, context).catch((error: unknown) => {
    // A courtesy to the next backup: the report is there all the same.
    if (!(error instanceof BackupError)) throw error;
    context.stderr.write(`The next backup asks again, since this could not be kept: ${error.message}\n`);
  });
  const isAllowed = neededActions.every((action) => !found.missingActions.includes(action));
  const isUsable = isAllowed && found.writing === "allowed" && found.missingObject !== "403";
  return {
    json: found,
    words: probeWords(found),
    exitCode: isUsable ? exitCodes.done : exitCodes.destination,
  };
}

/** For the next backup: it need not find out again. What could not be tried leaves what was known. */
async function keep(found: ProbeReport, destination: Destination, context: CliContext): Promise<void> {
  if (found.conditionalWrites === "unknown") return;
  const { conditionalWrites, sha256Header, storageClasses, probedAt } = found;
  await updateCapabilities(context.paths, destination, (before) => ({
    ...before,
    ...{ version: 1, probedAt, helperVersion: context.version, conditionalWrites, sha256Header },
    storageClasses: { ...before?.storageClasses, ...storageClasses },
    report: { ...found },
  }));
}
