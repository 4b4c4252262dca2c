import { runTool, type ToolResult } from "../macos-tools/run-tool.ts";
import { scrubbedEnvironment } from "../macos-tools/scrubbed-environment.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { agentHost, type AgentHostOptions } from "./agent-host.ts";
import { resolveNode } from "./resolve-node.ts";

interface RunHelper extends AgentHostOptions {
  helperBundlePath: string;
  /** The subcommand and its options; `--json` is added. Never a secret: that goes to `stdin`. */
  args: string[];
  stdin?: string;
  /** One minute by default. */
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Looked for when it isn't given. */
  nodePath?: string;
}

export interface HelperAnswer {
  exitCode: number;
  /** The one object the helper wrote to its standard output. */
  json: unknown;
  stderr: string;
}

/** What the helper itself asks of its environment: where its folders and the person's own credentials are. */
const helperVariable = /^(?:AWS_|XDG_|LANG$|LC_|NODE_EXTRA_CA_CERTS$|SSL_CERT_)/;

/**
 * Asks the helper's command line. Any exit code is an answer as long as there is a JSON object with it; rejects with
 * BackupError `helper-failed` when it can't be started, takes too long, is ended by a signal, or answers otherwise.
 * An abort rejects with the signal's AbortError.
 */
export async function runHelper(options: RunHelper): Promise<HelperAnswer> {
  const { helperBundlePath, args, stdin, timeoutMs = 60_000, signal } = options;
  const { env, platform } = agentHost(options);
  const nodePath = options.nodePath ?? (await resolveNode(options));
  const childEnv = scrubbedEnvironment(env, platform, (name) => helperVariable.test(name));
  const run = { args: [helperBundlePath, ...args, "--json"], stdin, timeoutMs, signal, childEnv };
  const result = await runTool(nodePath, run).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new BackupError("helper-failed", { detail: "it could not be started", cause: error });
  });
  if (result.timedOut) {
    throw new BackupError("helper-failed", { detail: `no answer within ${Math.round(timeoutMs / 1000)} s` });
  }
  return { exitCode: exitCodeOf(result), json: jsonOf(result), stderr: result.stderr };
}

function exitCodeOf({ exitCode }: ToolResult): number {
  if (exitCode === undefined) throw new BackupError("helper-failed", { detail: "it was ended by a signal" });
  return exitCode;
}

function jsonOf({ stdout, stderr, exitCode }: ToolResult): unknown {
  try {
    const answer: unknown = JSON.parse(stdout);
    if (typeof answer === "object" && answer !== null) return answer;
  } catch {
    // Told below, with the helper's own last words.
  }
  const lastWords = stderr.trim().split("\n").at(-1) ?? "";
  throw new BackupError("helper-failed", { detail: lastWords.slice(0, 300) || `it ended with exit code ${exitCode}` });
}
