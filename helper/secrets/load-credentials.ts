import { homedir } from "node:os";
import type { Platform } from "../macos-tools/find-tool.ts";
import { BackupError } from "../state/errors/backup-error.ts";
import type { Credentials } from "./credentials.ts";
import { findKeychain, type Keychain } from "./keychain.ts";
import { readEnvironment } from "./read-environment.ts";
import { readProfile } from "./read-profile.ts";
import { credentialsAccount, decodeCredentials } from "./stored-credentials.ts";

export interface LoadedCredentials {
  credentials: Credentials;
  source: "keychain" | "environment" | "profile";
  /** When these end by themselves, where that is known. */
  expiresAt?: Date;
  /** Reads the same source again; absent where it can't change while we run. */
  refresh?: () => Promise<LoadedCredentials>;
}

export interface LoadOptions extends Platform {
  /** Undefined here means "look for one"; null means "there is none". */
  keychain?: Keychain | null;
  homeDir?: string;
}

/**
 * The access key to sign with: from the Keychain where it holds one, else from AWS_ACCESS_KEY_ID and its companions,
 * else from the shared profile (AWS_PROFILE, or `default`). A computer's metadata service is never asked.
 * Rejects with BackupError `credentials-missing`, `keychain-locked` or `keychain-failed`.
 */
export async function loadCredentials(options: LoadOptions = {}): Promise<LoadedCredentials> {
  const { env = process.env, homeDir = homedir() } = options;
  const keychain = options.keychain === undefined ? findKeychain(options) : (options.keychain ?? undefined);
  const kept = await keychain?.read(credentialsAccount);
  if (kept !== undefined) {
    return { credentials: decodeCredentials(kept), source: "keychain", refresh: () => loadCredentials(options) };
  }
  const fromEnvironment = readEnvironment(env);
  if (fromEnvironment) return { credentials: fromEnvironment, source: "environment" };
  const fromProfile = await readProfile({ env, homeDir });
  if (!fromProfile) throw new BackupError("credentials-missing");
  return { ...fromProfile, source: "profile", refresh: () => loadCredentials(options) };
}
