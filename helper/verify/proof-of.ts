import type { Verification } from "../state/files/verification.ts";
import type { VerifySummary } from "./verify-summary.ts";

/** What a finished verification of a whole destination proved, as it is kept. */
export function proofOf(summary: VerifySummary, now: number): Pick<Verification, "presence" | "reading"> {
  const { method, photos, objects, present, missing, changed, unproved, extra, read } = summary;
  const at = new Date(now).toISOString();
  return {
    presence: { at, method, photos, objects, present, missing, changed, unproved, extra },
    ...(read ? { reading: { at, ...read, bytesOfAll: summary.bytes } } : {}),
  };
}
