import { setImmediate as endOfTurn } from "node:timers/promises";
import type PQueue from "p-queue";
import { BackupError } from "../state/errors/backup-error.ts";
import type { BufferPool } from "./buffer-pool.ts";
import { isSameFile, type Candidate } from "./candidate.ts";
import type { Clock } from "./clock.ts";
import type { DestinationGate } from "./destination-gate.ts";
import type { FileSystem } from "./file-system.ts";
import type { BucketView } from "./bucket-view.ts";
import type { Proof } from "./compare-content.ts";
import { wantedKeys } from "./find-place.ts";
import type { KeyTurns } from "./key-turns.ts";
import type { KnownContents } from "./known-contents.ts";
import { ledgerEntryFor } from "./ledger-entry-for.ts";
import type { LedgerPort } from "./ledger-port.ts";
import { leftBehindOf, UnrecordedUpload } from "./left-behind.ts";
import { lookForPhoto } from "./look-for-photo.ts";
import { condemnedAmong } from "./lost-object.ts";
import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import { objectBytesMost, type LargeFileLimits } from "./multipart/plan-parts.ts";
import { sendInParts } from "./multipart/send-in-parts.ts";
import type { UploadIntents } from "./multipart/upload-intent.ts";
import type { ObjectStore } from "./object-store.ts";
import { prepareUpload } from "./prepare-upload.ts";
import type { ReadAheadBudget } from "./read-ahead-budget.ts";
import { readPhoto, wholeReadBytesMost, type PhotoContent, type ReadOptions } from "./read-photo.ts";
import { sendPhoto, type Sending, type SentPlace } from "./send-photo.ts";
import { translatePhotoError } from "./translate-file-error.ts";

/** What a photo's way needs until the bucket is asked. */
export interface ReadingParts {
  fs: FileSystem;
  budget: ReadAheadBudget;
  buffers: BufferPool;
  /** Which recorded photo holds which bytes. */
  known: KnownContents;
  /** Ends everything that is not yet on the wire. */
  stopping: AbortSignal;
}

/** Everything one photo's way needs. */
export interface PhotoParts extends ReadingParts {
  store: ObjectStore;
  ledger: LedgerPort;
  clock: Clock;
  gate: DestinationGate;
  /** Concurrency 1: invariant 5, one body in flight. */
  bodies: PQueue;
  keyTurns: KeyTurns;
  /** By sha256: of two new photos with the same bytes the second waits and finds the first. */
  contentTurns: KeyTurns;
  /** What is known of the bucket without asking for each key. */
  view: BucketView | undefined;
  /** Uploads in parts that outlive this process. */
  intents: UploadIntents;
  largeFiles: LargeFileLimits;
  prefix: string;
  /** Ends the body on the wire too. */
  aborting: AbortSignal;
  onSending(candidate: Candidate, sentBytes: number): void;
  onWire(candidate: Candidate | undefined): void;
  /** Told why a body did not arrive before the next one may go: what stops the run must stop that one too. */
  onBodyFailed(error: unknown): void;
}

export interface PhotoWay {
  /** The person asked to back it up although it looks broken. */
  anyway: boolean;
  reading: ReadingParts;
  /** The same and the rest, once the bucket is open. */
  opening: Promise<PhotoParts>;
}

/** What became of a photo. `conflict` names the keys that held something else which is not an earlier version of ours. */
export interface PhotoDone {
  kind: "uploaded" | "found";
  key: string;
  conflicts: string[];
  /** Recorded with the object of another photo that holds the same bytes. */
  isDuplicate: boolean;
  /** Nothing reads the photo's bytes any more: their memory may be used again. */
  isQuiet: boolean;
}

/**
 * The whole way of one photo that the ledger does not know as it is now: read once, look in the bucket, send, confirm,
 * check that the source stayed the same, record. Everything up to the sending runs while another photo is on the wire.
 * @throws BackupError for this photo, its destination, or our state; nothing is recorded then, but for a photo that
 * `vanished` when it was in the bucket already
 */
export async function backUpPhoto(candidate: Candidate, { anyway, reading, opening }: PhotoWay): Promise<PhotoDone> {
  if (candidate.sizeBytes > objectBytesMost) throw new BackupError("too-large");
  const isHeld = candidate.sizeBytes <= wholeReadBytesMost;
  const { fs, budget, buffers, known, stopping } = reading;
  const giveBack = await budget.take(isHeld ? candidate.sizeBytes : 0);
  let held: Buffer | undefined;
  const allocate = (sizeBytes: number) => (held = buffers.take(sizeBytes));
  try {
    stopping.throwIfAborted();
    const isRecorded: ReadOptions["isRecorded"] = (content) => known.find(content, candidate.path) !== undefined;
    const photo = await readPhoto(candidate, { fs, anyway, isRecorded, allocate });
    const parts = await opening;
    const wanted = wantedKeys(candidate, photo, parts.prefix);
    const condemned = condemnedAmong(wanted, parts.ledger.get(candidate.path), parts.view);
    const keys = wanted.filter((key) => !condemned.includes(key));
    const placed = () => placePhoto(candidate, photo, { keys, condemned }, parts);
    const inTurn = () => parts.contentTurns.run(photo.sha256Hex, placed);
    const done = await parts.keyTurns.run(keys[0] as string, inTurn);
    if (held && done.isQuiet) buffers.giveBack(held);
    return done;
  } finally {
    giveBack();
  }
}

async function placePhoto(
  candidate: Candidate,
  photo: PhotoContent,
  { keys, condemned }: { keys: string[]; condemned: string[] },
  parts: PhotoParts,
): Promise<PhotoDone> {
  const proof = proofFor(candidate, parts.ledger);
  const found = await lookForPhoto({ candidate, photo, keys, proof, parts });
  const place =
    found.kind === "there"
      ? { ...found, sent: false, isQuiet: true }
      : await sendInTurn({ candidate, photo, keys, place: found, proof, parts });
  // The next body goes out first: it waits on the wire for nothing, and what follows here takes as long as a small one.
  if (place.sent) await endOfTurn();
  const original = found.kind === "there" ? found.original : undefined;
  const old = parts.ledger.get(candidate.path);
  const leftBehind = leftBehindOf(parts.ledger.failure(candidate.path));
  const now = parts.clock.now();
  const proven = ledgerEntryFor({ candidate, photo, place, original, old, leftBehind, condemned, now });
  const entry = parts.view?.withHistory(candidate.path, proven) ?? proven;
  const vanished = vanishedOf(candidate, entry, parts.fs);
  parts.ledger.put(candidate.path, entry);
  parts.known.note(photo.sha256Hex, candidate.path);
  if (vanished) throw vanished;
  const conflicts = place.taken.filter((key) => entry.conflictsWith?.includes(key));
  const isDuplicate = original !== undefined;
  return { kind: place.sent ? "uploaded" : "found", key: place.key, conflicts, isDuplicate, isQuiet: place.isQuiet };
}

async function sendInTurn(sending: Sending): Promise<SentPlace> {
  const { candidate, parts } = sending;
  const isLarge = sending.photo.sizeBytes > parts.largeFiles.cutoffBytes;
  const confirmed = Promise.withResolvers<void>();
  const ahead = isLarge ? undefined : prepareUpload(sending, confirmed.resolve);
  try {
    const { sent } = await parts.bodies.add(async () => {
      parts.stopping.throwIfAborted();
      parts.onWire(candidate);
      const sent = ahead ? sendPhoto(sending, ahead) : sendInParts(sending);
      try {
        // The next body has its turn as soon as this one is proven: what the SDK makes of the answer takes half as long
        // as a small body does.
        await Promise.race([sent, confirmed.promise]);
        return { sent };
      } catch (error) {
        parts.onBodyFailed(error);
        throw error;
      } finally {
        parts.onWire(undefined);
      }
    });
    return await sent;
  } finally {
    ahead?.discard();
  }
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
 * @throws UnrecordedUpload `changed-while-reading`; the next scan takes the new one, and knows the object for its own
 */
function vanishedOf(candidate: Candidate, entry: LedgerEntry, fs: FileSystem): BackupError | undefined {
  const { s3Key, size, uploadedAt } = entry;
  const leftBehind = { s3Key, size, uploadedAt, sha256: entry.sha256 as string };
  try {
    if (isSameFile(candidate, fs.lstat(candidate.path))) return undefined;
  } catch (error) {
    const translated = translatePhotoError(error);
    if (translated.code === "vanished") return translated;
    throw new UnrecordedUpload(translated.code, leftBehind, { detail: translated.detail, cause: error });
  }
  throw new UnrecordedUpload("changed-while-reading", leftBehind);
}
