import type { Status } from "../../helper/state/files/status.ts";
import { proofWords } from "../../helper/state/files/verification-share.ts";
import type { Verification } from "../../helper/state/files/verification.ts";
import { timeAgo } from "./time-ago.ts";

/** What the last verification proved, no more: a listing shows that photos are there, reading them that they are whole. */
export function provenWords(verification: Verification | undefined, { recorded }: Status, nowMs: number): string {
  if (!verification?.presence) return "The bucket has not been compared with what was backed up yet";
  const { presence, reading } = verification;
  const words = proofWords(verification, recorded);
  return reading && reading.at !== presence.at ? `${words} ${timeAgo(reading.at, nowMs)}` : words;
}
