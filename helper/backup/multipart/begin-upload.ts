import type { PhotoParts } from "../back-up-photo.ts";
import type { Candidate } from "../candidate.ts";
import type { ObjectUpload } from "../object-store.ts";
import { BackupError } from "../../state/errors/backup-error.ts";
import { lostUpload, settleLostUpload } from "./lost-upload.ts";
import type { StoredPart } from "./multipart-store.ts";
import type { LeftUpload, UploadIntent } from "./upload-intent.ts";

/** An upload to send parts to; `stored` are the ones it has from an earlier attempt. */
export interface BegunUpload {
  uploadId: string;
  partBytes: number;
  stored: ReadonlyMap<number, StoredPart>;
}

interface Beginning {
  candidate: Candidate;
  upload: Omit<ObjectUpload, "body" | "onSent">;
  partBytes: number;
  parts: PhotoParts;
}

/**
 * Continues the upload that was begun for this very file, or begins one; what was begun for another content is aborted
 * first. The intent is on disk before the store is asked, the upload's id before the first part is sent.
 */
export async function beginUpload(beginning: Beginning): Promise<BegunUpload> {
  const { candidate, upload, parts } = beginning;
  const earlier = parts.intents.find(upload.key);
  if (earlier?.uploadId !== undefined && isSameSource(earlier, candidate, upload) && isFewEnough(earlier, parts)) {
    const { uploadId, partBytes } = earlier;
    const stored = await storedParts(earlier, uploadId, parts);
    if (stored !== "unknown")
      return { uploadId, partBytes, stored: new Map(stored.map((part) => [part.number, part])) };
  } else if (earlier) {
    await abandonUpload(earlier, parts);
  }
  return beginAnew(beginning);
}

/** "unknown": the store knows the upload no more, or cannot say what it holds; then it was aborted. */
async function storedParts(
  intent: UploadIntent,
  uploadId: string,
  parts: PhotoParts,
): Promise<StoredPart[] | "unknown"> {
  try {
    const list = () => parts.store.multipart.listParts(intent.key, uploadId, parts.aborting);
    return (await gated(parts, list)) ?? "unknown";
  } catch (error) {
    // A listing that never ends, or that the store does not have: this must not keep the photo for ever.
    if (!(error instanceof BackupError) || error.code !== "unknown") throw error;
  }
  await abandonUpload(intent, parts);
  return "unknown";
}

/** Aborts what was begun with this intent, and forgets it. What the store will not let us abort yet is noted for later. */
export async function abandonUpload(intent: UploadIntent, parts: Omit<PhotoParts, "budget">): Promise<void> {
  const { key } = intent;
  for (const uploadId of await uploadsOf(intent, parts)) {
    if (!(await isAborted({ key, uploadId }, parts))) await parts.intents.leave({ key, uploadId });
  }
  await parts.intents.remove(key);
}

/** False where the key may not abort: that must not keep a photo from its backup. */
export async function isAborted({ key, uploadId }: LeftUpload, parts: Omit<PhotoParts, "budget">): Promise<boolean> {
  try {
    await gated(parts, () => parts.store.multipart.abort(key, uploadId, parts.aborting));
    return true;
  } catch (error) {
    if (error instanceof BackupError && error.code === "permission-denied") return false;
    throw error;
  }
}

/** Its id may not have come to the disk. Nobody else's is touched. */
async function uploadsOf(intent: UploadIntent, parts: Omit<PhotoParts, "budget">): Promise<string[]> {
  if (intent.uploadId !== undefined) return [intent.uploadId];
  try {
    const lost = await gated(parts, () => lostUpload(intent, parts));
    return lost === undefined ? [] : [lost];
  } catch (error) {
    if (error instanceof BackupError && error.code === "permission-denied") return [];
    throw error;
  }
}

async function beginAnew({ candidate, upload, partBytes, parts }: Beginning): Promise<BegunUpload> {
  const { path, sizeBytes, mtimeMs, ctimeMs, inode } = candidate;
  const others = await uploadsThere(upload.key, parts);
  let intent: UploadIntent = {
    ...{ key: upload.key, path, sizeBytes, mtimeMs, ctimeMs, inode, sha256: upload.sha256Hex, partBytes },
    begunAt: new Date(parts.clock.now()).toISOString(),
    ...(others ? { others } : {}),
  };
  await parts.intents.save(intent);
  const uploadId = await gated(parts, async (triesBefore) => {
    // An attempt whose answer was lost may have begun one that nobody knows.
    if (triesBefore > 0) intent = await settleLostUpload(intent, parts);
    return parts.store.multipart.create(upload, parts.aborting);
  });
  await parts.intents.save({ ...intent, uploadId });
  return { uploadId, partBytes, stored: new Map() };
}

/** Uploads of this key that somebody else began; undefined where the store does not say. */
async function uploadsThere(key: string, parts: PhotoParts): Promise<string[] | undefined> {
  try {
    const open = await gated(parts, () => parts.store.multipart.listUploads(key, parts.aborting));
    return open.map(({ uploadId }) => uploadId);
  } catch (error) {
    // A key without this permission, or a store without the listing, keeps no photo from its backup.
    if (error instanceof BackupError && ["permission-denied", "unknown"].includes(error.code)) return undefined;
    throw error;
  }
}

function isSameSource(intent: UploadIntent, candidate: Candidate, upload: { sha256Hex: string }): boolean {
  const { sizeBytes, mtimeMs } = candidate;
  return intent.sha256 === upload.sha256Hex && intent.sizeBytes === sizeBytes && intent.mtimeMs === mtimeMs;
}

/** A service may have shown since that it takes fewer parts. */
function isFewEnough({ sizeBytes, partBytes }: UploadIntent, { largeFiles }: PhotoParts): boolean {
  return Math.ceil(sizeBytes / partBytes) <= largeFiles.partsMost;
}

/** What is on the wire may finish after a stop, but nobody waits for the end of an outage then. */
export function gated<Result>(
  parts: Pick<PhotoParts, "gate" | "stopping" | "aborting">,
  operation: (triesBefore: number) => Promise<Result>,
): Promise<Result> {
  return parts.gate.run(operation, AbortSignal.any([parts.stopping, parts.aborting]));
}
