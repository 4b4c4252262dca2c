import { BackupError } from "../../state/errors/backup-error.ts";
import type { PhotoParts } from "../back-up-photo.ts";
import type { OpenUpload } from "./multipart-store.ts";
import type { UploadIntent } from "./upload-intent.ts";

type Asking = Pick<PhotoParts, "store" | "clock" | "intents" | "aborting">;

/** The transport gives up a request to begin an upload after 130 s. */
const createMostMs = 150_000;

/** Stores tell both times in whole seconds. */
const roundingMs = 5_000;

/**
 * The upload that we began and whose id never came to us, since the answer was lost or the process was killed: the one
 * and only of this key that was not there before our intent, was begun by the store's own clock just when we asked for
 * it, and holds no part, for nobody knew its id. Nothing in a listing names who began an upload, so whatever is not all of
 * that may be another computer's and stays; without parts it costs nothing.
 * @throws BackupError what the store said; `permission-denied` where it does not say
 */
export async function lostUpload(intent: UploadIntent, asking: Asking): Promise<string | undefined> {
  return lostAmong(await newUploads(intent, asking), intent, asking);
}

/**
 * Before the store is asked once more to begin an upload: aborts what the last attempt may have begun, and notes on disk
 * that all others of this key are not ours.
 * @returns the intent as it is now
 */
export async function settleLostUpload(intent: UploadIntent, asking: Asking): Promise<UploadIntent> {
  const { store, clock, intents, aborting } = asking;
  const { key, others = [] } = intent;
  let left: OpenUpload[] = [];
  try {
    left = await newUploads(intent, asking);
    const lost = await lostAmong(left, intent, asking);
    if (lost !== undefined) {
      await store.multipart.abort(key, lost, aborting);
      left = left.filter(({ uploadId }) => uploadId !== lost);
    }
  } catch (error) {
    // What a key may not look at or abort keeps no photo from its backup.
    if (!(error instanceof BackupError) || error.code !== "permission-denied") throw error;
  }
  const begunAt = new Date(clock.now()).toISOString();
  const notOurs = intent.others ? { others: [...others, ...left.map(({ uploadId }) => uploadId)] } : {};
  const again = { ...intent, begunAt, ...notOurs };
  await intents.save(again);
  return again;
}

async function newUploads({ key, others }: UploadIntent, { store, aborting }: Asking): Promise<OpenUpload[]> {
  if (others === undefined) return [];
  const open = await store.multipart.listUploads(key, aborting);
  return open.filter(({ uploadId }) => !others.includes(uploadId));
}

async function lostAmong(open: OpenUpload[], intent: UploadIntent, asking: Asking): Promise<string | undefined> {
  const { store, clock, aborting } = asking;
  const [upload, ...more] = open;
  if (!upload || more.length > 0 || !isBegunByUs(upload, clock.now() - Date.parse(intent.begunAt))) return undefined;
  const stored = await store.multipart.listParts(intent.key, upload.uploadId, aborting);
  return stored?.length === 0 ? upload.uploadId : undefined;
}

/** Two spans of time are compared, one by the store's clock and one by ours: how far the two are apart plays no part. */
function isBegunByUs({ ageMs }: OpenUpload, sinceAskedMs: number): boolean {
  return ageMs !== undefined && ageMs <= sinceAskedMs + roundingMs && ageMs >= sinceAskedMs - createMostMs;
}
