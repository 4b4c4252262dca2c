import { z } from "zod";
import { destinationSchema } from "./destination.ts";

const count = z.int().nonnegative();
const time = z.iso.datetime();

/** `verification/<destination id>.json`: what the last verifications of a destination proved, and when. */
export const verificationSchema = z.looseObject({
  version: z.literal(1),
  destination: destinationSchema,
  /** The bucket was gone: what is on record there is believed again once it was compared with it. */
  doubtedSince: time.optional(),
  /** Whether the objects are there, with the size and ETag noted when they were uploaded. Proves no bytes. */
  presence: z
    .looseObject({
      at: time,
      /** By the bucket's listing, by a HEAD of each object, or by HEADs of some. */
      method: z.enum(["listing", "heads", "sample"]),
      /** Photos of the ledger then, and the objects they name, earlier versions too. */
      photos: count,
      objects: count,
      present: count,
      missing: count,
      changed: count,
      unproved: count,
      /** Under the prefix, and in no entry of the ledger. */
      extra: count,
    })
    .optional(),
  /** Whether downloaded bytes have the SHA-256 of the photos. */
  reading: z
    .looseObject({
      at: time,
      percent: z.number().min(0).max(100),
      seed: z.string(),
      objects: count,
      proved: count,
      bytes: count,
      /** Of all objects of the ledger then. */
      bytesOfAll: count,
    })
    .optional(),
});

export type Verification = z.infer<typeof verificationSchema>;
