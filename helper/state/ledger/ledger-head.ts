import { z } from "zod";
import { destinationSchema } from "../files/destination.ts";

export const ledgerVersion = 1;

/** Everything of `backup-state.json` but its `files`. */
export const ledgerHeadSchema = z.looseObject({
  version: z.literal(ledgerVersion),
  /** Grows by one with every fold; the journal that continues this file names the same. */
  generation: z.int().nonnegative(),
  destination: destinationSchema,
  lastBackup: z.iso.datetime().nullable(),
});

export type LedgerHead = z.infer<typeof ledgerHeadSchema>;
