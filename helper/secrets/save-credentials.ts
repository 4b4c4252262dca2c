import type { Platform } from "../macos-tools/find-tool.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { Credentials } from "./credentials.ts";
import { findKeychain, type Keychain } from "./keychain.ts";
import { credentialsAccount, encodeCredentials } from "./stored-credentials.ts";

/**
 * Keeps the access key in the Keychain, replacing the one that was there.
 * Rejects with BackupError `keychain-missing`, `keychain-locked` or `keychain-failed`.
 */
export async function saveCredentials(
  credentials: Credentials,
  options: Platform & { keychain?: Keychain } = {},
): Promise<void> {
  const keychain = options.keychain ?? findKeychain(options);
  if (!keychain) throw new BackupError("keychain-missing");
  await keychain.write(credentialsAccount, encodeCredentials(credentials));
}
