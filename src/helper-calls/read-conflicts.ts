import { z } from "zod";
import { callHelper } from "./call-helper.ts";

const conflictsSchema = z.object({
  conflictsTotal: z.number(),
  conflicts: z.array(z.object({ path: z.string(), s3Key: z.string(), conflictsWith: z.array(z.string()) })),
});

/** Photos that were kept beside something else which had their names; of many the first hundred. */
export type Conflicts = z.infer<typeof conflictsSchema>;

/** They stand in the ledger, which is too large for a command to read. Throws HelperError or BackupError with words. */
export function readConflicts(): Promise<Conflicts> {
  return callHelper({ args: ["failures"], answer: conflictsSchema });
}
