import { z } from "zod";

const count = z.int().nonnegative();

/** What this installation knows of its own catalogue at one destination. */
export const catalogueStateSchema = z.looseObject({
  version: z.literal(1),
  /** 16 hex digits made once for this installation and destination; another one once somebody else writes under it. */
  macId: z.string().regex(/^[0-9a-f]{16}$/),
  nextNumber: z.int().positive(),
  /** What was begun under a number: found under its key with one of these, a piece is ours although no answer came. */
  inFlight: z.looseObject({ number: z.int().positive(), sha256s: z.array(z.string()) }).optional(),
  /** Where the ledger stood when all of it was in the catalogue. It stands there still: nothing is to be sent. */
  covered: z.looseObject({ generation: count, journalBytes: count, entries: count }).optional(),
  /** Of the newest snapshot, all its parts; 0 before the first. */
  snapshotBytes: count,
  /** The number of its first part, and how many parts it has; an earlier version of us did not note it. */
  snapshot: z.looseObject({ number: z.int().positive(), parts: z.int().positive() }).optional(),
  /** Objects of it were found gone: a snapshot is due, or the gap would be found again and again. */
  hasGaps: z.boolean().optional(),
  /** Of the pieces since. */
  pieces: count,
  pieceBytes: count,
  lastStoredAt: z.iso.datetime().optional(),
});

export type CatalogueState = z.infer<typeof catalogueStateSchema>;
