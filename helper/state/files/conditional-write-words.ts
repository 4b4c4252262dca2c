import type { Capabilities } from "./capabilities.ts";

interface WordsOptions {
  /** Where there is room: what the bucket does, and what that leaves to chance. */
  inFull?: boolean;
}

/** How overwriting is kept from happening at this bucket, for a person. */
export function conditionalWriteWords(
  found: Pick<Capabilities, "conditionalWrites"> | undefined,
  { inFull = false }: WordsOptions = {},
): string {
  switch (found?.conditionalWrites) {
    case "honored":
      return `the bucket itself refuses to overwrite${inFull ? " (conditional writes)" : ""}`;
    case "refused":
      return `${asked}${inFull ? ` (it refuses conditional writes): ${risk}` : ""}`;
    case "ignored":
      return `${asked}${inFull ? ` (it overlooks conditional writes): ${risk}` : ""}`;
    default:
      return "not tried yet whether the bucket itself refuses; it is asked before every upload";
  }
}

const asked = "the bucket would overwrite, so it is asked before every upload";
const risk = "only two computers writing the same new name within that second could replace one another's photo";
