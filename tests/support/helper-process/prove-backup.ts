import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { E2eServer } from "./e2e-server.ts";
import type { HelperWorld } from "./helper-world.ts";
import { readLedger } from "./read-state.ts";

/** What is wrong with a backup; all of it empty when every file is in the bucket, once, bit for bit. */
export interface BackupProof {
  /** Files without a ledger entry. */
  unknown: string[];
  /** Files whose object is missing or holds other bytes. */
  different: string[];
  /** Keys in the bucket that no entry names. */
  strangers: string[];
}

export const provenWhole: BackupProof = { unknown: [], different: [], strangers: [] };

/** Gets every object from the bucket and compares its bytes with its file's. */
export async function proveBackup(server: E2eServer, world: HelperWorld, files: string[]): Promise<BackupProof> {
  const ledger = readLedger(world.paths);
  const proof: BackupProof = { unknown: [], different: [], strangers: [] };
  for (const file of files) {
    const entry = ledger.get(file);
    if (!entry) {
      proof.unknown.push(file);
      continue;
    }
    const object = await server.get(world.bucket, entry.s3Key).catch(() => undefined);
    if (!object?.equals(readFileSync(file))) proof.different.push(file);
  }
  const versions = [...ledger.values()].flatMap((entry) => [entry, ...(entry.previous ?? [])]);
  const named = new Set(versions.flatMap(({ s3Key }) => [s3Key, inXml(s3Key)]));
  for (const key of (await server.list(world.bucket)).keys()) if (!named.has(key)) proof.strangers.push(key);
  return proof;
}

/** A key as a listing without URL encoding shows it: XML cannot hold most control characters. */
function inXml(key: string): string {
  return [...key]
    .map((character) => (character < " " && !"\t\n\r".includes(character) ? "\uFFFD" : character))
    .join("");
}

/**
 * Ledger entries that claim what the bucket does not hold: no object, another size, or another content than the file's
 * (by size, SHA-256 of the file and the object's MD5; all objects of these tests are single unencrypted PUTs).
 */
export async function falseEntries(server: E2eServer, world: HelperWorld): Promise<string[]> {
  const objects = await server.list(world.bucket);
  const wrong: string[] = [];
  for (const [path, entry] of readLedger(world.paths)) {
    const bytes = readFileSync(path);
    const object = objects.get(entry.s3Key);
    const isTrue =
      object !== undefined &&
      object.sizeBytes === entry.size &&
      entry.size === bytes.length &&
      entry.sha256 === hash("sha256", bytes) &&
      object.etag === hash("md5", bytes);
    if (!isTrue) wrong.push(`${path} as ${entry.s3Key}`);
  }
  return wrong;
}

function hash(algorithm: string, bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest("hex");
}
