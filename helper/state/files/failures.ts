import { z } from "zod";

const count = z.int().nonnegative();
const time = z.iso.datetime();

/** One photo, folder or run that is not backed up. */
export const failureSchema = z.looseObject({
  /** Of `reasons`; a reader that does not know it shows `detail`. */
  code: z.string(),
  /** What this case adds to the reason's words. */
  detail: z.string().optional(),
  /** "failed": tried and failed. "deferred": not tried yet on purpose (in iCloud, still changing). */
  kind: z.enum(["failed", "deferred"]),
  attempts: count,
  firstAt: time,
  lastAt: time,
  /** Absent when only a change or the person's Retry tries it again. */
  nextTryAt: time.optional(),
});

export type Failure = z.infer<typeof failureSchema>;

/** How many photos `failures.json` lists at the most; `failures --json` pages through all. */
export const failuresListedMost = 300;

/** `failures.json`: small enough for a command; the whole list is paged by the helper's `failures`. */
export const failuresFileSchema = z.looseObject({
  version: z.literal(1),
  updatedAt: time,
  /** All photos that failed or were deferred, listed here or not. */
  total: count,
  totalsByCode: z.record(z.string(), count),
  /** Causes that hold a whole folder or the whole run. */
  causes: z.array(
    z.looseObject({
      code: z.string(),
      detail: z.string().optional(),
      /** The folder's path; absent for the whole run. */
      folder: z.string().optional(),
      /** Photos it holds back, as far as they are known. */
      photos: count,
      since: time,
    }),
  ),
  photos: z.array(failureSchema.extend({ path: z.string(), sizeBytes: count.optional() })),
});

export type FailuresFile = z.infer<typeof failuresFileSchema>;
