import { z } from "zod";
import { failuresFileSchema } from "../../helper/state/files/failures.ts";
import { callHelper } from "./call-helper.ts";

const listSchema = z.object({
  photos: failuresFileSchema.shape.photos.default([]),
  conflictsTotal: z.number(),
  conflicts: z.array(z.object({ path: z.string(), s3Key: z.string(), conflictsWith: z.array(z.string()) })),
});

/** Photos that are not backed up, and those kept beside something else which had their names: the first of each. */
export type FailureList = z.infer<typeof listSchema>;

/**
 * They stand in the ledger, which is too large for a command to read, as is the list of all.
 * @param most of each kind. Throws HelperError or BackupError with words.
 */
export function readFailureList(most: number): Promise<FailureList> {
  return callHelper({ args: ["failures", "--page-size", String(most)], answer: listSchema });
}
