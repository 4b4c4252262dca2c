import { LocalStorage } from "@raycast/api";
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { credentialFingerprint } from "../../helper/control/credential-fingerprint.ts";
import { backupPreferences } from "../state/preferences.ts";
import { callHelper } from "./call-helper.ts";

const saltName = "credential-salt";
const fingerprintName = "credential-fingerprint";
const keychainTimeoutMs = 30_000;

let underWay: Promise<void> | undefined;

/**
 * Hands the access key of the preferences to the helper, through its standard input only, when it is another one than
 * last time (or with `again`, whatever it was). What is remembered is a salted fingerprint, and only once the helper has
 * stored the key. Throws HelperError or BackupError with words.
 */
export function handOverCredentials({ again = false } = {}): Promise<void> {
  underWay ??= handOver(again).finally(() => (underWay = undefined));
  return underWay;
}

async function handOver(again: boolean): Promise<void> {
  const { accessKeyId, secretAccessKey } = backupPreferences();
  if (!accessKeyId || !secretAccessKey) return;
  const fingerprint = credentialFingerprint({ accessKeyId, secretAccessKey }, await salt());
  if (!again && (await LocalStorage.getItem<string>(fingerprintName)) === fingerprint) return;
  await callHelper({
    args: ["credentials", "set"],
    stdin: JSON.stringify({ accessKeyId, secretAccessKey }),
    answer: z.object({ stored: z.string() }),
    timeoutMs: keychainTimeoutMs,
  });
  await LocalStorage.setItem(fingerprintName, fingerprint);
}

async function salt(): Promise<string> {
  const known = await LocalStorage.getItem<string>(saltName);
  if (known) return known;
  const fresh = randomBytes(16).toString("hex");
  await LocalStorage.setItem(saltName, fresh);
  return fresh;
}
