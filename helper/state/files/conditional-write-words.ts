import type { Capabilities } from "./capabilities.ts";

/** How overwriting is kept from happening at this bucket, for a person. */
export function conditionalWriteWords(found: Pick<Capabilities, "conditionalWrites"> | undefined): string {
  switch (found?.conditionalWrites) {
    case "honored":
      return "the bucket itself refuses to overwrite";
    case "refused":
    case "ignored":
      return "the bucket would overwrite, so it is asked before every upload";
    default:
      return "not tried yet whether the bucket itself refuses; it is asked before every upload";
  }
}
