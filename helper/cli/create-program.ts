import { Command } from "commander";
import { addAgentCommand } from "./agent.ts";
import { addBackupCommand } from "./backup.ts";
import { addBucketsCommand } from "./buckets.ts";
import type { CliContext } from "./cli-context.ts";
import { addConsentCommand } from "./consent.ts";
import { addCredentialsCommand } from "./credentials.ts";
import { addFailuresCommand } from "./failures.ts";
import { addFoldersCommand } from "./folders.ts";
import { addPauseCommands } from "./pause.ts";
import { addProbeCommand } from "./probe.ts";
import { addRunCommand } from "./run.ts";
import { addStatusCommand } from "./status.ts";
import { addVerifyCommand } from "./verify.ts";

const exitCodeHelp = `
Exit codes:
  0  done; for backup: every photo in every folder is in the bucket
  1  done, with photos that failed or wait, or folders that could not be read;
     for verify: something is not in the bucket as noted, or not backed up
  2  wrong usage
  3  the destination stops us: credentials, permission, bucket, region, quota, network
  4  local state stops us: another helper runs, newer files, unwritable, no consent
  130, 143  interrupted; everything uploaded so far is recorded

Access key: from the Keychain on a Mac (credentials set), elsewhere from the standard AWS environment variables or profile.`;

/** The whole command line. @param exit is given each command's exit code */
export function createProgram(context: CliContext, exit: (code: number) => void): Command {
  const program = new Command("photolala")
    .description("Back up your photos to an S3 bucket of your own.")
    .version(context.version)
    .addHelpText("after", exitCodeHelp)
    .configureOutput({
      writeOut: (words) => void context.stdout.write(words),
      writeErr: (words) => void context.stderr.write(words),
    })
    .exitOverride();
  // Subcommands made from here on inherit both, so wrong usage never ends the process by itself.
  for (const add of [
    addBackupCommand,
    addStatusCommand,
    addVerifyCommand,
    addFailuresCommand,
    addFoldersCommand,
    addBucketsCommand,
    addProbeCommand,
    addConsentCommand,
    addCredentialsCommand,
    addPauseCommands,
    addAgentCommand,
    addRunCommand,
  ]) {
    add(program, context, exit);
  }
  return program;
}
