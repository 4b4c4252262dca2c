import { z } from "zod";

const count = z.int().nonnegative();

const uploadIntentSchema = z.looseObject({
  key: z.string(),
  path: z.string(),
  sizeBytes: count,
  mtimeMs: z.number(),
  ctimeMs: z.number(),
  inode: z.number(),
  sha256: z.string(),
  partBytes: count.positive(),
  begunAt: z.iso.datetime(),
  others: z.array(z.string()).optional(),
  uploadId: z.string().optional(),
});

/** `multipart.json`: uploads in parts that were intended and not completed, by destination. Written by the helper alone. */
export const uploadIntentsSchema = z.looseObject({
  version: z.literal(1),
  destinations: z.record(z.string(), z.array(uploadIntentSchema)),
  /** Uploads of ours that the store did not let us abort, by destination. */
  left: z.record(z.string(), z.array(z.looseObject({ key: z.string(), uploadId: z.string() }))).optional(),
});

export type UploadIntentsContent = z.infer<typeof uploadIntentsSchema>;
