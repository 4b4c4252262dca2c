import type { Command } from "commander";
import { ensureStateDirs } from "../state/files/ensure-state-dirs.ts";
import { readSettings } from "../state/files/settings-store.ts";
import type { CliContext } from "./cli-context.ts";
import { addDestinationOptions } from "./destination-options.ts";
import { grantConsent } from "./grant-consent.ts";
import { report, type CommandResult } from "./report.ts";
import { allowsInsecureHttp, resolveDestination, type DestinationOptions } from "./resolve-destination.ts";

type ConsentOptions = DestinationOptions & { json?: boolean };

export function addConsentCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  const command = program
    .command("consent")
    .description("choose the bucket and agree that your photos are uploaded to it")
    .option("--json", "print one JSON object instead of words");
  addDestinationOptions(command).action(async (options: ConsentOptions) => {
    exit(await report(context, options, () => consent(options, context)));
  });
}

async function consent(options: ConsentOptions, context: CliContext): Promise<CommandResult> {
  await ensureStateDirs(context.paths);
  const before = await readSettings(context.paths);
  const destination = resolveDestination(options, before, context.env);
  const settings = await grantConsent(context, destination, allowsInsecureHttp(options, before), { makeDefault: true });
  const place = destination.endpoint ?? `AWS, ${destination.region}`;
  return {
    json: { destination: settings.destination, consent: settings.consent },
    words: [
      `You agreed that your photos are uploaded to the bucket ${destination.bucket} at ${place}, under ${destination.prefix || "its root"}.`,
      "It was not asked whether it is there: `credentials test` does.",
    ].join("\n"),
  };
}
