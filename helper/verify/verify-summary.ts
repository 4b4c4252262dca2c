import type { Verdict } from "./compare-object.ts";

/** How the bucket was asked: by its listing, by a HEAD of each object, or by HEADs of some. */
export type VerifyMethod = "listing" | "heads" | "sample";

/** An object that is not as the ledger says. */
export interface Finding {
  key: string;
  verdict: Exclude<Verdict, "present">;
  paths: string[];
  isEarlier: boolean;
}

export interface ReadSummary {
  percent: number;
  seed: string;
  /** Objects read to their end, and those of them whose bytes have the ledger's SHA-256. */
  objects: number;
  proved: number;
  bytes: number;
}

/** What a verification found. `present + missing + changed + unproved + notAsked === objects`. */
export interface VerifySummary {
  method: VerifyMethod;
  /** Photos in the ledger, and the objects they name: earlier versions too, duplicates once. */
  photos: number;
  objects: number;
  bytes: number;
  present: number;
  missing: number;
  changed: number;
  unproved: number;
  notAsked: number;
  /** Objects under the prefix that no entry names; our own catalogue is not counted. Only a listing tells. */
  extra: number;
  read?: ReadSummary;
  findings: Finding[];
}

/** Every object of the ledger was found as noted. Nothing that was left out counts as found. */
export function isAllPresent({ missing, changed, unproved, notAsked }: VerifySummary): boolean {
  return missing + changed + unproved + notAsked === 0;
}
