import { existsSync } from "node:fs";
import { bucket, sha256Of } from "../support/engine/engine-bench.ts";
import type { Rules } from "./fault-rules.ts";
import type { Scene } from "./scene.ts";

/** Far more than any of these runs needs, far less than an endless loop sends. */
const requestsMost = 120;

/** Everything that must hold after a run in which something went wrong. @returns what does not, in words; nothing is good */
export async function checkInvariants(
  { bench, bodies, photos, before }: Scene,
  stoppedBy: unknown,
  rules: Rules,
): Promise<string[]> {
  const { s3, ledger } = bench;
  const broken: string[] = [];
  const objects = new Map<string, string>();
  // Of a body that came in one piece the loopback has hashed the very bytes it stored.
  for (const { key, sha256 } of s3.objects(bucket)) {
    objects.set(key, sha256 ?? sha256Of(await s3.readObject(bucket, key)));
  }

  for (const [key, sha256] of before) {
    if (objects.get(key) !== sha256) broken.push(`invariant 3: ${key} was overwritten`);
  }
  for (const [path, entry] of ledger.entries()) {
    const stored = objects.get(entry.s3Key);
    if (stored === undefined) broken.push(`invariant 1: ${path} is recorded, and there is no object`);
    else if (stored !== entry.sha256) broken.push(`invariant 1: the object of ${path} has other bytes than recorded`);
    else if (!photos.get(path)?.includes(stored)) broken.push(`invariant 1: ${path} never had these bytes`);
  }
  for (const path of [...photos.keys()].filter(existsSync)) {
    const failure = ledger.failure(path);
    if (!ledger.get(path) && !failure?.code && !stoppedBy) broken.push(`lost: nobody says anything of ${path}`);
  }
  for (const sha256 of [...photos.values()].flat()) {
    const copies = [...objects].filter(([, other]) => other === sha256).map(([key]) => key);
    if (copies.length > 1 && !rules.mayCopy) broken.push(`sent twice: ${copies.join(" and ")} hold the same photo`);
  }
  for (const { key, uploadId } of s3.multipartUploads(bucket)) {
    const intent = bench.intents.find(key);
    const isNoted = bench.intents.left().some((upload) => upload.uploadId === uploadId);
    const isKnown = isNoted || (intent && (intent.uploadId === undefined || intent.uploadId === uploadId));
    if (!isKnown && !rules.mayLeaveParts) broken.push(`left behind: parts of ${key} that nobody knows of`);
  }
  if (bodies.max > 1) broken.push(`invariant 5: ${bodies.max} bodies in flight`);
  // The engine must not rely on it, but the store should see no more than was sent.
  if (s3.maxConcurrentBodies > 1 && !rules.learnsLate) {
    broken.push(`invariant 5: the store saw ${s3.maxConcurrentBodies} bodies`);
  }
  if (s3.requests.length > requestsMost) broken.push(`invariant 8: ${s3.requests.length} requests`);
  return broken;
}

/** What must hold once nothing goes wrong any more. */
export function checkComplete({ bench, bodies, photos }: Scene, stoppedBy: unknown, rules: Rules): string[] {
  const broken = stoppedBy ? [`still stopped: ${String(stoppedBy)}`] : [];
  for (const [path, versions] of photos) {
    if (!existsSync(path)) continue;
    const recorded = bench.ledger.get(path)?.sha256;
    if (recorded === undefined) broken.push(`lost: ${path} is not backed up, ${bench.ledger.failure(path)?.code}`);
    else if (recorded !== versions.at(-1)) broken.push(`lost: ${path} is backed up as it was, not as it is`);
  }
  // What is noted waits for the next run that needs the bucket.
  const left = bench.s3.multipartUploads(bucket).length - bench.intents.left().length;
  if (left > 0 && !rules.mayLeaveParts) broken.push(`left behind: ${left} uploads in parts`);
  if (bodies.max !== 1) broken.push(`invariant 5: ${bodies.max} bodies were seen to be sent at once`);
  if (bench.ledger.lastBackup === undefined) broken.push("the second run does not count as complete");
  return broken;
}
