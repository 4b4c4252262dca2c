import { BackupError } from "../state/errors/backup-error.ts";
import type { Credentials } from "./credentials.ts";

/** The access key in the standard AWS variables, or undefined; half a key is BackupError `credentials-missing`. */
export function readEnvironment(env: Record<string, string | undefined>): Credentials | undefined {
  const accessKeyId = env.AWS_ACCESS_KEY_ID?.trim();
  const secretAccessKey = env.AWS_SECRET_ACCESS_KEY?.trim();
  if (!accessKeyId && !secretAccessKey) return undefined;
  if (!accessKeyId) throw new BackupError("credentials-missing", { detail: "AWS_ACCESS_KEY_ID is not set" });
  if (!secretAccessKey) throw new BackupError("credentials-missing", { detail: "AWS_SECRET_ACCESS_KEY is not set" });
  const sessionToken = env.AWS_SESSION_TOKEN?.trim();
  return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
}
