import { findTool, type Platform } from "../macos-tools/find-tool.ts";
import { runTool, type ToolResult } from "../macos-tools/run-tool.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { addPasswordCommand } from "./add-password-command.ts";

/** The service name under which Keychain Access lists our items. */
export const keychainService = "com.photolala.backup";

const itemNotFound = 44;
const refusals = new Set([36, 51, 128]);

export interface Keychain {
  /** The text kept under an account, or undefined where there is none. */
  read(account: string): Promise<string | undefined>;
  /** Keeps a text under an account, replacing what was there, and proves it by reading it back. */
  write(account: string, value: string): Promise<void>;
  /** True when there was something to remove. */
  remove(account: string): Promise<boolean>;
}

/**
 * The login keychain through `/usr/bin/security`, or undefined where there is none.
 * Its methods reject with BackupError `keychain-locked` when macOS or the person refuses or a dialog stays unanswered
 * for `timeoutMs` (30 s by default), and with `keychain-failed` for everything else. No error holds the tool's output.
 */
export function findKeychain(options: Platform & { timeoutMs?: number } = {}): Keychain | undefined {
  const tool = findTool("security", options);
  if (!tool) return undefined;
  const { env, platform, timeoutMs = 30_000 } = options;
  const run = (args: string[], stdin?: string) => runTool(tool, { args, stdin, timeoutMs, env, platform });
  return keychainThrough(run);
}

function keychainThrough(run: (args: string[], stdin?: string) => Promise<ToolResult>): Keychain {
  const read = async (account: string) => {
    const result = await run(["find-generic-password", "-s", keychainService, "-a", account, "-w"]);
    if (result.exitCode === itemNotFound) return undefined;
    assertSucceeded(result);
    return decode(result.stdout.trimEnd());
  };

  return {
    read,
    async write(account, value) {
      const encoded = Buffer.from(value, "utf8").toString("base64");
      // On standard input: arguments can be read by every program of this computer.
      assertSucceeded(await run(["-i"], addPasswordCommand(keychainService, account, encoded)));
      if ((await read(account)) !== value) {
        throw new BackupError("keychain-failed", { detail: "it holds something else than was put in" });
      }
    },
    async remove(account) {
      const result = await run(["delete-generic-password", "-s", keychainService, "-a", account]);
      if (result.exitCode === itemNotFound) return false;
      assertSucceeded(result);
      return true;
    },
  };
}

function assertSucceeded(result: ToolResult): void {
  if (result.exitCode === 0) return;
  if (result.timedOut) throw new BackupError("keychain-locked", { detail: "macOS's dialog was not answered" });
  if (refusals.has(result.exitCode ?? 1)) throw new BackupError("keychain-locked", { detail: codeOf(result) });
  throw new BackupError("keychain-failed", { detail: codeOf(result) });
}

function codeOf(result: ToolResult): string {
  return result.exitCode === undefined ? "security was stopped" : `security answered ${result.exitCode}`;
}

/** Base64 is all we ever store: the tool prints anything beyond ASCII as hex, which a secret could look like too. */
function decode(encoded: string): string {
  const bytes = Buffer.from(encoded, "base64");
  if (bytes.length > 0 && bytes.toString("base64") === encoded) return bytes.toString("utf8");
  throw new BackupError("keychain-failed", { detail: "its item was not written by Photolala" });
}
