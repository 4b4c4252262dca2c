import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BackupError } from "../state/errors/backup-error.ts";
import type { Credentials } from "./credentials.ts";

interface ProfilePlace {
  env: Record<string, string | undefined>;
  homeDir: string;
}

/**
 * The access key of the shared AWS profile (AWS_PROFILE, or `default`), or undefined where there is no such profile
 * and none was asked for. A profile that was asked for and gives no key is BackupError `credentials-missing`.
 */
export async function readProfile(
  place: ProfilePlace,
): Promise<{ credentials: Credentials; expiresAt?: Date } | undefined> {
  const { env, homeDir } = place;
  const profile = env.AWS_PROFILE || "default";
  const filepath = env.AWS_SHARED_CREDENTIALS_FILE || join(homeDir, ".aws", "credentials");
  const configFilepath = env.AWS_CONFIG_FILE || join(homeDir, ".aws", "config");
  const files = await Promise.all([filepath, configFilepath].map(textOf));
  if (!env.AWS_PROFILE && files.every((text) => text === "")) return undefined;
  refuseMetadataService(files.join("\n"), profile);

  // Loaded only here: it is large, and most runs never need it.
  const { fromIni } = await import("@aws-sdk/credential-provider-ini");
  try {
    const found = await fromIni({ profile, filepath, configFilepath, ignoreCache: true })();
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = found;
    const credentials = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
    return { credentials, ...(expiration && { expiresAt: expiration }) };
  } catch {
    // The cause is left out on purpose: a credential_process's own words can hold anything.
    if (!env.AWS_PROFILE && !mentionsProfile(files.join("\n"), profile)) return undefined;
    throw new BackupError("credentials-missing", { detail: `the AWS profile "${profile}" gives no access key` });
  }
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}

/** Asking the metadata service of a computer that has none costs seconds, and its key was never meant for photos. */
function refuseMetadataService(text: string, firstProfile: string): void {
  const seen = new Set<string>();
  let profile: string | undefined = firstProfile;
  while (profile && !seen.has(profile)) {
    seen.add(profile);
    const section = sectionOf(text, profile);
    if (/^\s*credential_source\s*=\s*(?:Ec2InstanceMetadata|EcsContainer)\s*$/im.test(section)) {
      throw new BackupError("credentials-missing", {
        detail: `the AWS profile "${profile}" asks the computer's metadata service, which Photolala never does`,
      });
    }
    profile = /^\s*source_profile\s*=\s*(.+?)\s*$/im.exec(section)?.[1];
  }
}

function mentionsProfile(text: string, profile: string): boolean {
  return sectionOf(text, profile) !== "";
}

/** The lines of a profile, of both files, whether its heading is `[name]` or `[profile name]`. */
function sectionOf(text: string, profile: string): string {
  let inside = false;
  const lines: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\s*\[\s*(?:profile\s+)?["']?(.+?)["']?\s*\]/.exec(line);
    if (heading) inside = heading[1] === profile;
    if (inside) lines.push(line);
  }
  return lines.join("\n");
}
