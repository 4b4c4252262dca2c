import type PQueue from "p-queue";
import { BackupError } from "../state/errors/backup-error.ts";
import type { BufferPool } from "./buffer-pool.ts";
import { isSameFile, type Candidate } from "./candidate.ts";
import type { Clock } from "./clock.ts";
import type { DestinationGate } from "./destination-gate.ts";
import type { FileSystem } from "./file-system.ts";
import type { Proof } from "./compare-content.ts";
import { findPlace, wantedKeys } from "./find-place.ts";
import type { KeyTurns } from "./key-turns.ts";
import { changedKeysOf } from "./lost-object.ts";
import { ledgerEntryFor } from "./ledger-entry-for.ts";
import type { LedgerPort } from "./ledger-port.ts";
import type { ObjectStore } from "./object-store.ts";
import type { ReadAheadBudget } from "./read-ahead-budget.ts";
import { readPhoto, wholeReadBytesMost, type PhotoContent } from "./read-photo.ts";
import { sendPhoto, type Sending, type SentPlace } from "./send-photo.ts";
import { translatePhotoError } from "./translate-file-error.ts";

/** Everything one photo's way needs. */
export interface PhotoParts {
  store: ObjectStore;
  ledger: LedgerPort;
  fs: FileSystem;
  clock: Clock;
  gate: DestinationGate;
  /** Concurrency 1: invariant 5, one body in flight. */
  bodies: PQueue;
  budget: ReadAheadBudget;
  buffers: BufferPool;
  keyTurns: KeyTurns;
  prefix: string;
  /** Ends everything that is not yet on the wire. */
  stopping: AbortSignal;
  /** Ends the body on the wire too. */
  aborting: AbortSignal;
  onSending(candidate: Candidate, sentBytes: number): void;
  onWire(candidate: Candidate | undefined): void;
}

/** What became of a photo. `conflict` names the keys that held something else which is not an earlier version of ours. */
export interface PhotoDone {
  kind: "uploaded" | "found";
  key: string;
  conflicts: string[];
  /** Nothing reads the photo's bytes any more: their memory may be used again. */
  isQuiet: boolean;
}

/** Largest object of a single PUT, S3's own limit; parts are not spoken yet. */
export const singlePutBytesMost = 5 * 1024 ** 3;

/**
 * The whole way of one photo that the ledger does not know as it is now: read once, look in the bucket, send, confirm,
 * check that the source stayed the same, record. Everything up to the sending runs while another photo is on the wire.
 * @throws BackupError for this photo, its destination, or our state; nothing is recorded then, but for a photo that
 * `vanished` when it was in the bucket already
 */
export async function backUpPhoto(candidate: Candidate, anyway: boolean, parts: PhotoParts): Promise<PhotoDone> {
  if (candidate.sizeBytes > singlePutBytesMost) throw new BackupError("too-large-for-now");
  const isHeld = candidate.sizeBytes <= wholeReadBytesMost;
  const giveBack = await parts.budget.take(isHeld ? candidate.sizeBytes : 0);
  let held: Buffer | undefined;
  const allocate = (sizeBytes: number) => (held = parts.buffers.take(sizeBytes));
  try {
    parts.stopping.throwIfAborted();
    const photo = await readPhoto(candidate, { fs: parts.fs, anyway, allocate });
    const changed = changedKeysOf(parts.ledger.get(candidate.path));
    const keys = wantedKeys(candidate, photo, parts.prefix).filter((key) => !changed.includes(key));
    const done = await parts.keyTurns.run(keys[0] as string, () => placePhoto(candidate, photo, keys, parts));
    if (held && done.isQuiet) parts.buffers.giveBack(held);
    return done;
  } finally {
    giveBack();
  }
}

async function placePhoto(
  candidate: Candidate,
  photo: PhotoContent,
  keys: string[],
  parts: PhotoParts,
): Promise<PhotoDone> {
  const head = (key: string) => parts.gate.run(() => parts.store.head(key, parts.stopping), parts.stopping);
  const proof = proofFor(candidate, parts.ledger);
  const askedAt = parts.clock.now();
  const found = await findPlace(keys, photo, head, proof);
  const place =
    found.kind === "there"
      ? { ...found, sent: false, isQuiet: true }
      : await sendInTurn({ candidate, photo, keys, place: found, askedAt, proof, parts });
  const vanished = vanishedOf(candidate, parts.fs);
  const entry = ledgerEntryFor({
    candidate,
    photo,
    place,
    old: parts.ledger.get(candidate.path),
    now: parts.clock.now(),
  });
  const conflicts = foreignKeys(place.taken, parts.ledger.get(candidate.path));
  parts.ledger.put(candidate.path, entry);
  if (vanished) throw vanished;
  return { kind: place.sent ? "uploaded" : "found", key: place.key, conflicts, isQuiet: place.isQuiet };
}

async function sendInTurn(sending: Sending): Promise<SentPlace> {
  const { candidate, parts } = sending;
  return parts.bodies.add(async () => {
    parts.stopping.throwIfAborted();
    parts.onWire(candidate);
    try {
      return await sendPhoto(sending);
    } finally {
      parts.onWire(undefined);
    }
  });
}

/** What an upload of this photo left behind that the store did not confirm bears our sha256, but need not be whole. */
function proofFor(candidate: Candidate, ledger: LedgerPort): Proof {
  const code = ledger.failure(candidate.path)?.code;
  if (code === "checksum-mismatch") return { ourClaim: "disproved" };
  return { ourClaim: code === "unconfirmed-upload" ? "doubted" : "trusted" };
}

/**
 * The object is whole, but is the file still the one it was made from? One that was deleted or moved meanwhile is: its
 * object would be a stranger to the next run otherwise.
 * @returns `vanished`, for the caller to throw once the photo is recorded
 * @throws BackupError `changed-while-reading`; the next scan takes the new one
 */
function vanishedOf(candidate: Candidate, fs: FileSystem): BackupError | undefined {
  try {
    if (isSameFile(candidate, fs.lstat(candidate.path))) return undefined;
  } catch (error) {
    const translated = translatePhotoError(error);
    if (translated.code === "vanished") return translated;
    throw translated;
  }
  throw new BackupError("changed-while-reading");
}

/** Keys that hold another version of this very photo are history, not conflict. */
function foreignKeys(taken: string[], old: ReturnType<LedgerPort["get"]>): string[] {
  const own = new Set([old?.s3Key, ...(old?.previous ?? []).map((version) => version.s3Key)]);
  return taken.filter((key) => !own.has(key));
}
