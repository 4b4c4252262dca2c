import { z } from "zod";
import { BackupError } from "../state/errors/backup-error.ts";
import type { Credentials } from "./credentials.ts";

/** The account name of the one Keychain item that holds the whole access key. */
export const credentialsAccount = "s3-access-key";

const storedSchema = z.object({
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  sessionToken: z.string().min(1).optional(),
});

/** The text kept in the Keychain: one item for all parts, so that they can never be of two different keys. */
export function encodeCredentials(credentials: Credentials): string {
  return JSON.stringify(storedSchema.parse(credentials));
}

/** Rejects a text that isn't ours with BackupError `keychain-failed`, without quoting it. */
export function decodeCredentials(text: string): Credentials {
  try {
    return storedSchema.parse(JSON.parse(text));
  } catch {
    // The parser's own message would quote the secret.
    throw new BackupError("keychain-failed", { detail: "its item does not hold an access key" });
  }
}
