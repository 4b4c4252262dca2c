import type { Verification } from "./verification.ts";

/** A share as words: never 100 % unless it is the whole, never 0 % unless it is nothing. */
export function shareWords(part: number, whole: number): string {
  if (whole === 0 || part <= 0) return "0 %";
  if (part >= whole) return "100 %";
  const percent = (100 * part) / whole;
  if (percent < 1) return "under 1 %";
  return `${percent >= 99 ? Math.floor(percent * 10) / 10 : Math.floor(percent)} %`;
}

const methodWords = { listing: "by listing", heads: "asked one by one", sample: "by sample" } as const;

/**
 * What is proved, as a sentence for a person, without the times. Photos backed up since count as not proved.
 * @param photosNow photos in the ledger now, where that is known
 */
export function proofWords({ presence, reading }: Verification, photosNow?: number): string {
  if (!presence) return "";
  const newer = Math.max(0, (photosNow ?? 0) - presence.photos);
  const parts = [`${shareWords(presence.present, presence.objects + newer)} there ${methodWords[presence.method]}`];
  if (presence.missing > 0) parts.push(`${number(presence.missing)} gone`);
  if (presence.changed > 0) parts.push(`${number(presence.changed)} changed`);
  if (presence.unproved > 0) parts.push(`${number(presence.unproved)} unclear`);
  parts.push(readingWords(reading));
  return parts.join(", ");
}

function readingWords(reading: Verification["reading"]): string {
  if (!reading || reading.objects === 0) return "no bytes read yet";
  const differing = reading.objects - reading.proved;
  const share = `${shareWords(reading.bytes, reading.bytesOfAll)} of the bytes read`;
  return differing > 0 ? `${share}, ${number(differing)} of them wrong` : share;
}

/** Objects that are not as they should be: nobody can call such a backup whole. */
export function lossesOf(verification: Verification | undefined): number {
  const { missing = 0, changed = 0 } = verification?.presence ?? {};
  return missing + changed;
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
