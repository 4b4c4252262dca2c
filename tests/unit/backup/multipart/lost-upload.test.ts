import { expect, test } from "vitest";
import { lostUpload, settleLostUpload } from "../../../../helper/backup/multipart/lost-upload.ts";
import type { UploadIntent } from "../../../../helper/backup/multipart/upload-intent.ts";
import { BackupError } from "../../../../helper/state/errors/backup-error.ts";
import { bucket, engineBench, sha256Of } from "../../../support/engine/engine-bench.ts";

const key = "photos/Pictures/movie.mov";
const sha256 = sha256Of("x");

/** An upload that is open at the store, and an intent of that key without its id. */
async function openedUpload() {
  const bench = await engineBench();
  const { store, intents, clock, s3 } = bench;
  const asking = { store, intents, clock, aborting: new AbortController().signal };
  const create = () =>
    store.multipart.create({ key, sizeBytes: 1, sha256Hex: sha256, contentType: "a/b", metadata: {} });
  const uploadId = await create();
  const source = { path: "/p/movie.mov", sizeBytes: 1, mtimeMs: 0, ctimeMs: 0, inode: 1, sha256, partBytes: 1 };
  const asked = (msAgo: number, others?: string[]): UploadIntent => {
    const begunAt = new Date(clock.now() - msAgo).toISOString();
    return { key, ...source, begunAt, ...(others && { others }) };
  };
  const open = () => s3.multipartUploads(bucket).map((upload) => upload.uploadId);
  return { bench, s3, clock, intents, asking, create, uploadId, asked, open };
}

test("the only new upload of the key, begun when we asked and without a part, is ours", async () => {
  const { asking, asked, uploadId } = await openedUpload();
  expect(await lostUpload(asked(1_000, []), asking)).toBe(uploadId);
});

test("what was there before we could know of others is nobody's: where the store lists none, nothing is taken for ours", async () => {
  const { asking, asked, open, uploadId } = await openedUpload();
  expect(await lostUpload(asked(1_000), asking)).toBeUndefined();
  expect(await settleLostUpload(asked(1_000), asking)).not.toHaveProperty("others");
  expect(open()).toEqual([uploadId]);
});

test("an upload that is older than our question is another computer's, though a listing left it out before", async () => {
  const { s3, asking, asked } = await openedUpload();
  const [upload] = s3.multipartUploads(bucket);
  if (upload) upload.initiated = new Date(upload.initiated.getTime() - 60_000);
  expect(await lostUpload(asked(1_000, []), asking)).toBeUndefined();
});

test("invariant 6: before another is begun, it is on disk since when, and which uploads are not ours", async () => {
  const { clock, asking, asked, create, intents, uploadId } = await openedUpload();
  const theirs = await create();
  const before = asked(60_000, ["older"]);
  const again = await settleLostUpload(before, asking);
  expect(again.begunAt).toBe(new Date(clock.now()).toISOString());
  expect(new Set(again.others)).toEqual(new Set(["older", uploadId, theirs]));
  expect(intents.all()).toEqual([again]);
});

test("only what a key may not do is passed over; any other trouble is the run's to wait for", async () => {
  const { s3, asking, asked, intents, open } = await openedUpload();
  const match = { operation: "ListMultipartUploads" } as const;
  s3.faults.add({ kind: "status", status: 503, code: "SlowDown", match });
  await expect(settleLostUpload(asked(1_000, []), asking)).rejects.toBeInstanceOf(BackupError);
  expect(intents.all()).toEqual([]);
  s3.faults.add({ kind: "status", status: 403, code: "AccessDenied", match });
  expect(await settleLostUpload(asked(1_000, []), asking)).toMatchObject({ key });
  expect(open()).toHaveLength(1);
  s3.faults.assertAllFired();
});
