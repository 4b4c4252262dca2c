import type { Capabilities } from "../state/files/capabilities.ts";

/** What a bucket makes of conditional writes, and what that leaves to chance. */
export function conditionalWritesWords(found: Capabilities["conditionalWrites"]): string {
  switch (found) {
    case "honored":
      return "guaranteed by the service (conditional writes)";
    case "refused":
      return `${asked} (no conditional writes): ${risk}`;
    case "ignored":
      return `${asked} (the service overlooks conditional writes): ${risk}`;
    case "unknown":
      return "not known yet; asked before each upload";
  }
}

const asked = "asked before each upload";
const risk = "only two computers writing the same new name within that second could replace one another's photo";
