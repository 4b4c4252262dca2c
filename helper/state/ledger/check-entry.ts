import { z } from "zod";
import type { LedgerEntry } from "../files/ledger-entry.ts";

/** The pattern zod itself checks `z.iso.datetime()` with, so that the two cannot disagree. */
const datetime = z.core.regexes.datetime({});

/**
 * Says the same as `ledgerEntrySchema` (a property test holds the two equal), about thirty times as fast: the schema
 * alone would take a second or more over 100,000 entries.
 */
export function checkEntry(value: unknown): value is LedgerEntry {
  if (!isObject(value)) return false;
  return (
    isTime(value.uploadedAt) &&
    isCount(value.size) &&
    typeof value.s3Key === "string" &&
    isOptionalNumber(value.mtimeMs) &&
    isOptionalNumber(value.ctimeMs) &&
    isOptionalNumber(value.inode) &&
    isOptionalString(value.sha256) &&
    isOptionalString(value.etag) &&
    isOptionalString(value.takenAt) &&
    (value.proof === undefined || value.proof === "uploaded" || value.proof === "found") &&
    (value.previous === undefined || (Array.isArray(value.previous) && value.previous.every(isEarlierVersion))) &&
    (value.conflictsWith === undefined || isTexts(value.conflictsWith)) &&
    (value.missingSince === undefined || isTime(value.missingSince)) &&
    (value.goneSince === undefined || isTime(value.goneSince)) &&
    (value.changedKeys === undefined || isTexts(value.changedKeys))
  );
}

/** Whether a text is a time as our files have them: ISO 8601 in UTC. */
export function isTime(value: unknown): value is string {
  return typeof value === "string" && datetime.test(value);
}

function isEarlierVersion(value: unknown): boolean {
  if (!isObject(value)) return false;
  return (
    typeof value.s3Key === "string" &&
    isCount(value.size) &&
    isTime(value.uploadedAt) &&
    isOptionalString(value.sha256) &&
    isOptionalNumber(value.mtimeMs) &&
    isOptionalString(value.etag)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((text) => typeof text === "string");
}

function isOptionalNumber(value: unknown): boolean {
  return value === undefined || Number.isFinite(value);
}

function isOptionalString(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}
