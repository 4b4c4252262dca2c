import { z } from "zod";

const time = z.iso.datetime();

/** What a store makes of `If-None-Match: *`; `unknown` until it has shown. */
const conditionalWritesSchema = z.enum(["honored", "refused", "ignored", "unknown"]);

/** `capabilities/<destination id>.json`: what a bucket was seen to do, so that it is asked only once. */
export const capabilitiesSchema = z.looseObject({
  version: z.literal(1),
  /** When the conditional write was tried; the rest may be older. */
  probedAt: time,
  /** A newer helper asks again: it may understand the answers better. */
  helperVersion: z.string(),
  conditionalWrites: conditionalWritesSchema,
  /** `x-amz-checksum-sha256`: "refused" makes uploads carry Content-MD5 instead. */
  sha256Header: z.enum(["verified", "refused", "ignored", "unknown"]).optional(),
  /** A body was refused for its `x-amz-checksum-sha256` alone: payloads need not be signed with their hash as well. */
  bindsByChecksum: z.boolean().optional(),
  /** By the class's S3 name; "ignored": taken, but the object is then in another one. */
  storageClasses: z.record(z.string(), z.enum(["accepted", "ignored", "refused", "unknown"])).optional(),
  /** The whole report of the last `probe`, as it printed it. */
  report: z.looseObject({ probedAt: time }).optional(),
});

export type Capabilities = z.infer<typeof capabilitiesSchema>;

/** A bucket may be moved, a store updated: what is older is asked again. */
export const capabilitiesKeptMs = 30 * 24 * 60 * 60_000;

/** Whether what was found still counts. */
export function areFresh(found: Capabilities, { now, helperVersion }: { now: number; helperVersion: string }): boolean {
  const ageMs = now - Date.parse(found.probedAt);
  if (ageMs < 0 || ageMs > capabilitiesKeptMs || found.helperVersion !== helperVersion) return false;
  return found.conditionalWrites !== "unknown";
}
