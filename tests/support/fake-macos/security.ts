// A /usr/bin/security that answers as facts/macos.md says a Mac's does; its keychain is a JSON file.
import { readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { fakeSwitch, recordArguments } from "./fake-folder.ts";
import { runKeychainCommand } from "./keychain-commands.ts";
import { securityLines, securityWords } from "./security-lines.ts";

/** The process's exit code is the last byte of macOS's status. */
function exitCodeOf(status: number): number {
  return status & 0xff;
}

function show({ stdout = "", stderr = "" }: { stdout?: string; stderr?: string }): void {
  process.stdout.write(stdout);
  process.stderr.write(stderr);
}

/** Returns the last command's exit code; a blank line is a command that succeeds. */
function interactive(input: string): number {
  let exitCode = 0;
  for (const line of securityLines(input)) {
    const words = securityWords(line);
    const answer = words.length > 0 ? runKeychainCommand(words) : { status: 0 };
    show(answer);
    if (answer.status !== 0) process.stderr.write(`${words[0]}: returned ${answer.status}\n`);
    exitCode = exitCodeOf(answer.status);
  }
  return exitCode;
}

const args = recordArguments("security");
// The dialog that asks to unlock the keychain, and nobody there to answer it.
if (fakeSwitch("keychain") === "dialog") await delay(600_000);
if (args[0] === "-i") {
  process.exitCode = interactive(readFileSync(0, "utf8"));
} else {
  const answer = runKeychainCommand(args);
  show(answer);
  process.exitCode = exitCodeOf(answer.status);
}
