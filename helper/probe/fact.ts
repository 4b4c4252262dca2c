import type { Fact } from "./provider-profile.ts";

/** A fact of the declared table and where it is from. */
export function fact<const Value>(value: Value, source: string): Fact<Value> {
  return { value, source };
}

/** What nobody documents. */
export const unknownFact = { value: "unknown", source: "unknown" } as const;

/** Sources that speak of several services. */
export const rcloneTable = "rclone's provider table";
export const asS3Has = "10,000 as S3 has it; no other limit known";
