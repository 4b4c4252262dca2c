import { text } from "node:stream/consumers";
import type { Command } from "commander";
import { z } from "zod";
import type { Credentials } from "../secrets/credentials.ts";
import { loadCredentials } from "../secrets/load-credentials.ts";
import { removeCredentials } from "../secrets/remove-credentials.ts";
import { saveCredentials } from "../secrets/save-credentials.ts";
import { appendAudit } from "../state/files/audit.ts";
import { ensureStateDirs } from "../state/files/ensure-state-dirs.ts";
import { writeRequest } from "../state/files/request-store.ts";
import { readSettings } from "../state/files/settings-store.ts";
import type { CliContext } from "./cli-context.ts";
import { report, type CommandResult } from "./report.ts";
import { resolveRegion } from "./resolve-destination.ts";
import { UsageError } from "./usage-error.ts";
import { withWaitLine } from "./wait-line.ts";

const credentialsSchema = z.object({
  accessKeyId: z.string().trim().min(1),
  secretAccessKey: z.string().trim().min(1),
  sessionToken: z.string().trim().min(1).optional(),
});

export function addCredentialsCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  const credentials = program.command("credentials").description("the access key of your S3 account");
  add("set", "store the access key in the Keychain; asks for it, or reads JSON from standard input", set);
  add("test", "sign in with the access key and say whether it works", (given, options) =>
    withWaitLine(given, options, "Signing in", () => test(given)),
  );
  add("remove", "remove the access key from the Keychain", remove);

  function add(
    name: string,
    description: string,
    work: (context: CliContext, options: { json?: boolean }) => Promise<CommandResult>,
  ): void {
    credentials
      .command(name)
      .description(description)
      .option("--json", "print one JSON object instead of words")
      .action(async (options: { json?: boolean }) =>
        exit(await report(context, options, () => work(context, options))),
      );
  }
}

async function set(context: CliContext): Promise<CommandResult> {
  const credentials = context.stdin.isTTY ? await ask() : parse(await text(context.stdin));
  await ensureStateDirs(context.paths);
  await saveCredentials(credentials);
  await appendAudit(context.paths, { action: "credentials-set" });
  // A daemon that stopped at refused credentials learns that there are new ones.
  await writeRequest(context.paths, { kind: "back-up-now" });
  return { json: { stored: "keychain" }, words: "The access key is in your login keychain." };
}

async function ask(): Promise<Credentials> {
  const { default: input } = await import("@inquirer/input");
  const { default: password } = await import("@inquirer/password");
  const accessKeyId = await input({ message: "Access key ID", required: true });
  const secretAccessKey = await password({ message: "Secret access key", mask: true });
  return parse(JSON.stringify({ accessKeyId, secretAccessKey }));
}

/** The words never repeat what was given: it may be a secret. */
function parse(given: string): Credentials {
  try {
    const { sessionToken, ...pair } = credentialsSchema.parse(JSON.parse(given));
    return sessionToken ? { ...pair, sessionToken } : pair;
  } catch {
    throw new UsageError(
      "Standard input does not hold an access key.",
      'Give it as {"accessKeyId":"…","secretAccessKey":"…"}.',
    );
  }
}

async function test(context: CliContext): Promise<CommandResult> {
  const settings = await readSettings(context.paths);
  const { source } = await loadCredentials();
  const { destination } = settings;
  const allowInsecureHttp = settings.allowInsecureHttp ?? false;
  if (destination) {
    const store = await context.parts.openStore(destination, { allowInsecureHttp });
    await store.checkBucket().finally(() => store.close());
    return {
      json: { works: true, source, bucket: destination.bucket },
      words: `The access key (${source}) works for ${destination.bucket}.`,
    };
  }
  await context.parts.listBuckets({ region: resolveRegion({}, settings, context.env), allowInsecureHttp });
  return { json: { works: true, source }, words: `The access key (${source}) works.` };
}

async function remove(context: CliContext): Promise<CommandResult> {
  const removed = await removeCredentials();
  if (removed) await appendAudit(context.paths, { action: "credentials-removed" });
  return { json: { removed }, words: removed ? "The access key is removed." : "There was no access key to remove." };
}
