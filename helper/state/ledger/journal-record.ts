import { z } from "zod";
import { destinationSchema } from "../files/destination.ts";
import { failureSchema } from "../files/failures.ts";
import type { LedgerEntry } from "../files/ledger-entry.ts";
import { checkEntry } from "./check-entry.ts";

/** The first line of a journal: whose it is, and which generation of the ledger it continues. */
export const journalHeaderSchema = z.looseObject({
  version: z.literal(1),
  generation: z.int().nonnegative(),
  destinationId: z.string(),
  destination: destinationSchema,
});

export type JournalHeader = z.infer<typeof journalHeaderSchema>;

const time = z.iso.datetime();

/** Every other line of a journal. `applyRecord` says what each does. */
export const journalRecordSchema = z.discriminatedUnion("op", [
  z.object({ op: z.literal("put"), path: z.string(), entry: z.custom<LedgerEntry>(checkEntry) }),
  z.object({ op: z.literal("fail"), path: z.string(), failure: failureSchema }),
  z.object({ op: z.literal("clear-failure"), path: z.string() }),
  z.object({ op: z.literal("missing"), path: z.string(), at: time }),
  z.object({ op: z.literal("clear-missing"), path: z.string() }),
  z.object({ op: z.literal("gone"), path: z.string(), at: time }),
  z.object({ op: z.literal("clear-gone"), path: z.string() }),
  z.object({ op: z.literal("last-backup"), at: time.nullable() }),
]);

export type JournalRecord = z.infer<typeof journalRecordSchema>;

/** Changes an entry, so the ledger file is out of date until a fold; failures live in the journal only. */
export function changesEntry(record: JournalRecord): record is Exclude<JournalRecord, { op: "last-backup" }> {
  return !["fail", "clear-failure", "last-backup"].includes(record.op);
}
