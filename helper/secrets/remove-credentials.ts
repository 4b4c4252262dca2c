import type { Platform } from "../macos-tools/find-tool.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import { findKeychain, type Keychain } from "./keychain.ts";
import { credentialsAccount } from "./stored-credentials.ts";

/**
 * Takes the access key out of the Keychain; true when there was one.
 * Rejects with BackupError `keychain-missing`, `keychain-locked` or `keychain-failed`.
 */
export async function removeCredentials(options: Platform & { keychain?: Keychain } = {}): Promise<boolean> {
  const keychain = options.keychain ?? findKeychain(options);
  if (!keychain) throw new BackupError("keychain-missing");
  return keychain.remove(credentialsAccount);
}
