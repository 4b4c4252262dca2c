import { z } from "zod";

const count = z.int().nonnegative();
const time = z.iso.datetime();

/** A version of a photo that an edit replaced; its object stays in the bucket. */
export const earlierVersionSchema = z.looseObject({
  s3Key: z.string(),
  size: count,
  uploadedAt: time,
  sha256: z.string().optional(),
  mtimeMs: z.number().optional(),
  etag: z.string().optional(),
});

/**
 * One photo that is in the bucket. `uploadedAt`, `size` and `s3Key` are the person's own schema and always there;
 * everything else is ours and optional.
 */
export const ledgerEntrySchema = z.looseObject({
  uploadedAt: time,
  size: count,
  s3Key: z.string(),
  /** Milliseconds since 1970 of the file that was read, as `stat` gives them. */
  mtimeMs: z.number().optional(),
  ctimeMs: z.number().optional(),
  inode: z.number().optional(),
  /** 64 hex digits of the bytes in the bucket. */
  sha256: z.string().optional(),
  etag: z.string().optional(),
  /** When the photo was taken, from its EXIF: local time `2024-05-01T12:34:56`, with an offset where EXIF has one. */
  takenAt: z.string().optional(),
  /** How invariant 1 was met: we uploaded it, or it was there and was proved equal. */
  proof: z.enum(["uploaded", "found"]).optional(),
  previous: z.array(earlierVersionSchema).optional(),
  /** Keys the photo wanted first that held somebody else's objects; both are kept. */
  conflictsWith: z.array(z.string()).optional(),
  /** Since when the file is gone from the disk; the object stays. */
  missingSince: time.optional(),
  /** Since when the object is known to be gone or to hold other bytes: the photo is not backed up until it is sent again. */
  goneSince: time.optional(),
  /** Keys whose objects were found to hold other bytes; never believed again. */
  changedKeys: z.array(z.string()).optional(),
});

export type LedgerEntry = z.infer<typeof ledgerEntrySchema>;
