import { BackupError } from "../state/errors/backup-error.ts";

/** `security -i` reads lines into 4,096 bytes; the rest of a longer one would run as a command and show the secret. */
const maxLineBytes = 4094;

/**
 * The one line for the standard input of `security -i` that keeps a secret, its newline included.
 * Rejects what the tool could not take whole with BackupError `keychain-failed`, which never quotes the secret.
 */
export function addPasswordCommand(service: string, account: string, secret: string): string {
  const words = ["add-generic-password", "-U", "-s", service, "-a", account, "-l", "Photolala Backup", "-w", secret];
  const line = words.map(quoted).join(" ");
  if (Buffer.byteLength(line) > maxLineBytes) {
    throw new BackupError("keychain-failed", { detail: "the access key is too long for the Keychain tool" });
  }
  return `${line}\n`;
}

function quoted(word: string): string {
  // Without a word after -w the tool would keep an empty password and say that all is well.
  if (!/^[\x20-\x7e]+$/.test(word)) {
    throw new BackupError("keychain-failed", { detail: "the Keychain tool takes printable ASCII only" });
  }
  return `"${word.replace(/[\\"]/g, "\\$&")}"`;
}
