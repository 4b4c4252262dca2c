import { hash } from "node:crypto";
import { BackupError } from "../../state/errors/backup-error.ts";
import type { PhotoParts } from "../back-up-photo.ts";
import { findPlace, type Place } from "../find-place.ts";
import { lookTwice } from "../look-twice.ts";
import type { ObjectHead } from "../object-store.ts";
import { keepFresh, type KeptFresh } from "../prepared-send.ts";
import { confirmByHead, uploadOf, type Sending, type SentPlace } from "../send-photo.ts";
import { abandonUpload, beginUpload, gated, type BegunUpload } from "./begin-upload.ts";
import type { Completion, CompletionRequest, PartUpload, StoredPart } from "./multipart-store.ts";
import { PartReader, type ReadPart } from "./part-reader.ts";
import { partBytesFor, planParts, type PlannedPart } from "./plan-parts.ts";

/** Uploads of one photo that may come to nothing before it counts as failed: one a key, and some for bad luck. */
const roundsMost = 5;

/** Waits for a conflict at the completion to pass before the upload is begun anew. */
const conflictTriesMost = 4;

/**
 * Sends a large file in parts, one in flight, the next one read and hashed meanwhile. What an earlier attempt, of an
 * earlier process too, left at the store is used again once it is proved to be this file's bytes.
 * @throws BackupError as `sendPhoto` does; the upload and its intent stay for the next attempt then
 */
export async function sendInParts(sending: Sending): Promise<SentPlace> {
  const { keys, photo, parts, proof } = sending;
  const head = (key: string) => gated(parts, () => look(key, parts));
  let completions = 0;
  for (let round = 1; round <= roundsMost; round += 1) {
    // Minutes have passed since the bucket was asked, and the last round may have come through.
    const place = await findPlace(keys, photo, head, proof);
    if (place.kind === "there") {
      await forgetIntents(sending);
      return { ...place, sent: completions > 0, isQuiet: true };
    }
    completions += 1;
    const completion = await sendTo(place, sending);
    if (completion.kind === "unconfirmed") await gated(parts, () => confirmByHead(place.key, photo, parts));
    if (completion.kind === "stored" || completion.kind === "unconfirmed") {
      await parts.intents.remove(place.key);
      const { etag } = completion;
      return {
        kind: "there",
        key: place.key,
        taken: place.taken,
        sent: true,
        isQuiet: true,
        ...(etag ? { etag } : {}),
      };
    }
    const intent = parts.intents.find(place.key);
    if (intent && completion.kind !== "no-such-upload") await abandonUpload(intent, parts);
    await parts.intents.remove(place.key);
  }
  // Invariant 8: such a store would keep us here forever.
  throw new BackupError("unknown", { detail: "the store completes none of its uploads" });
}

async function sendTo(place: Extract<Place, { kind: "free" }>, sending: Sending): Promise<Completion> {
  const { candidate, photo, parts } = sending;
  const upload = uploadOf(candidate, photo, place.key, parts);
  const partBytes = partBytesFor(photo.sizeBytes, parts.largeFiles);
  const begun = await beginUpload({ candidate, upload, partBytes, parts });
  try {
    const stored = await sendParts(begun, place.key, sending);
    if (!stored) return { kind: "no-such-upload" };
    return await complete(begun, place, stored, sending);
  } catch (error) {
    const intent = parts.intents.find(place.key);
    // Another content than was meant: nothing of it may be used again.
    if (intent && error instanceof BackupError && error.code === "changed-while-reading") {
      await abandonUpload(intent, parts);
    }
    throw error;
  }
}

/** @returns undefined when the store no longer knows the upload */
async function sendParts(begun: BegunUpload, key: string, sending: Sending): Promise<StoredPart[] | undefined> {
  const { candidate, photo, parts } = sending;
  const plan = planParts(photo.sizeBytes, begun.partBytes);
  const reader = await PartReader.open(candidate, photo.sha256Hex, parts.fs);
  const done: StoredPart[] = [];
  const to = { key, begun, reader, parts, sending };
  let ahead: Promise<ReadyPart> | undefined;
  try {
    for (const [index, planned] of plan.entries()) {
      const ready = await (ahead ?? makeReady(planned, to));
      const next = plan[index + 1];
      ahead = next && makeReady(next, to);
      // Its failure is met when its turn comes.
      ahead?.catch(() => undefined);
      const stored = await sendUnlessThere(ready, to);
      if (!stored) return undefined;
      done.push(stored);
      parts.onSending(candidate, ready.part.offsetBytes + ready.part.sizeBytes);
    }
    return done;
  } finally {
    await ahead?.then(({ prepared }) => prepared?.discard()).catch(() => undefined);
    await reader.close();
  }
}

interface PartSending {
  key: string;
  begun: BegunUpload;
  reader: PartReader;
  parts: PhotoParts;
  sending: Sending;
}

/** A part that was read, hashed and, unless the store has it, signed while the one before was on the wire. */
interface ReadyPart {
  part: ReadPart;
  there: StoredPart | undefined;
  prepared: KeptFresh<StoredPart | undefined> | undefined;
}

async function makeReady(planned: PlannedPart, to: PartSending): Promise<ReadyPart> {
  const { begun, reader, parts } = to;
  const part = await reader.read(planned);
  const listed = begun.stored.get(part.number);
  const there = listed && isThisPart(listed, part) ? listed : undefined;
  const { multipart } = parts.store;
  const prepared = there ? undefined : multipart.preparePart(partUploadOf(part, to), parts.aborting);
  return { part, there, prepared: prepared && keepFresh(prepared, parts.clock) };
}

function partUploadOf({ number, body, sizeBytes, sha256Hex, offsetBytes }: ReadPart, to: PartSending): PartUpload {
  const { key, begun, parts, sending } = to;
  const onSent = (sentBytes: number) => parts.onSending(sending.candidate, offsetBytes + sentBytes);
  return { key, uploadId: begun.uploadId, number, body, sizeBytes, sha256Hex, onSent };
}

async function sendUnlessThere({ part, there, prepared }: ReadyPart, to: PartSending): Promise<StoredPart | undefined> {
  const { reader, parts } = to;
  if (there) {
    reader.giveBack(part);
    return there;
  }
  let attempts = 0;
  const put = () => parts.store.multipart.putPart(partUploadOf(part, to), parts.aborting);
  const stored = await gated(parts, () => {
    parts.stopping.throwIfAborted();
    attempts += 1;
    return prepared?.take()?.send() ?? put();
  }).finally(() => prepared?.discard());
  if (stored && stored.storeSha256 === undefined) assertMd5(stored, part);
  // A request that was given up may still be reading the memory of its body.
  if (attempts === 1) reader.giveBack(part);
  return stored;
}

/** What a listing shows counts only when it proves to be these bytes; anything else is sent again. */
function isThisPart(there: StoredPart, part: ReadPart): boolean {
  if (there.sizeBytes !== part.sizeBytes) return false;
  if (there.storeSha256 !== undefined) return there.storeSha256 === part.sha256Hex;
  return part.body instanceof Uint8Array && md5Of(there) === hash("md5", part.body, "hex");
}

/** A store that returns no SHA-256 has only its ETag to say what it holds. An ETag that is no MD5 says nothing. */
function assertMd5(stored: StoredPart, part: ReadPart): void {
  const md5 = md5Of(stored);
  if (!(part.body instanceof Uint8Array) || md5 === undefined) return;
  if (md5 !== hash("md5", part.body, "hex")) throw new BackupError("unconfirmed-upload", { detail: "ETag of a part" });
}

function md5Of({ etag }: StoredPart): string | undefined {
  return /^"?([0-9a-f]{32})"?$/i.exec(etag)?.[1]?.toLowerCase();
}

async function complete(
  { uploadId }: BegunUpload,
  place: Extract<Place, { kind: "free" }>,
  stored: StoredPart[],
  { photo, parts }: Sending,
): Promise<Completion> {
  const { key } = place;
  parts.stopping.throwIfAborted();
  const request = { key, uploadId, parts: stored, sizeBytes: photo.sizeBytes };
  const isTaken = async () => (await look(key, parts)) !== undefined;
  return gated(parts, async (triesBefore): Promise<Completion> => {
    // A lost answer may have been a yes; and where conditions are not kept, only this look keeps a stranger's object.
    if (triesBefore > 0 || !completesConditionally(parts)) {
      if (await isTaken()) return { kind: "key-taken" };
    }
    const completion = await completeOrAnew(request, triesBefore, parts);
    if (completion.kind !== "condition-refused") return completion;
    if (await isTaken()) return { kind: "key-taken" };
    return parts.store.multipart.complete(request, parts.aborting);
  });
}

/** Where nothing but our look keeps a stranger's object, a HEAD's bare 404 is not enough. */
function look(key: string, parts: PhotoParts): Promise<ObjectHead | undefined> {
  const { store, aborting } = parts;
  return completesConditionally(parts) ? store.head(key, aborting) : lookTwice(store, key, aborting);
}

/** A store may keep to the condition for whole objects and overlook it here. */
function completesConditionally({ store }: PhotoParts): boolean {
  return store.conditionalWrites === "honored" && store.limits?.completesConditionally !== false;
}

async function completeOrAnew(
  request: CompletionRequest,
  triesBefore: number,
  { store, aborting }: PhotoParts,
): Promise<Completion> {
  try {
    return await store.multipart.complete(request, aborting);
  } catch (error) {
    const isConflict = error instanceof BackupError && error.code === "write-conflict";
    // Invariant 8: a conflict that does not pass may do so with another upload.
    if (isConflict && triesBefore >= conflictTriesMost) return { kind: "start-anew" };
    throw error;
  }
}

async function forgetIntents({ keys, parts }: Sending): Promise<void> {
  for (const key of keys) {
    const intent = parts.intents.find(key);
    if (intent) await abandonUpload(intent, parts);
  }
}
