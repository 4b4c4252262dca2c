import { changedKeysOf } from "../backup/lost-object.ts";
import type { LedgerEntry } from "../state/files/ledger-entry.ts";
import { isTime } from "../state/ledger/check-entry.ts";

/** A version of a photo's bytes in the bucket. */
export interface CatalogueVersion {
  key: string;
  size: number;
  sha256?: string;
  etag?: string;
  /** Of the file, ISO 8601 in UTC. */
  mtime?: string;
  uploadedAt: string;
}

/** One photo of the catalogue, as its line has it. */
export interface CatalogueLine extends CatalogueVersion {
  /** Absolute, on the Mac that wrote it. */
  path: string;
  takenAt?: string;
  previous?: CatalogueVersion[];
  missingSince?: string;
  goneSince?: string;
  /** Objects that were found to hold other bytes than this photo's. */
  changedKeys?: string[];
}

/** A ledger entry as the catalogue keeps it, without its newline: what restores a photo, nothing that only this disk means. */
export function catalogueLine(path: string, entry: LedgerEntry): string {
  const { takenAt, previous, missingSince, goneSince } = entry;
  const changedKeys = changedKeysOf(entry);
  const line: CatalogueLine = {
    path,
    ...versionOf(entry),
    ...(takenAt ? { takenAt } : {}),
    ...(previous ? { previous: previous.map(versionOf) } : {}),
    ...(missingSince ? { missingSince } : {}),
    ...(goneSince ? { goneSince } : {}),
    ...(changedKeys.length > 0 ? { changedKeys } : {}),
  };
  return JSON.stringify(line);
}

type Version = Pick<LedgerEntry, "s3Key" | "size" | "uploadedAt" | "sha256" | "mtimeMs" | "etag">;

function versionOf({ s3Key, size, sha256, etag, mtimeMs, uploadedAt }: Version): CatalogueVersion {
  return {
    key: s3Key,
    size,
    ...(sha256 ? { sha256 } : {}),
    ...(etag ? { etag } : {}),
    ...(mtimeMs === undefined ? {} : timeOf(mtimeMs)),
    uploadedAt,
  };
}

/** A file's time may be one that no Date can hold. */
function timeOf(mtimeMs: number): { mtime?: string } {
  const time = new Date(mtimeMs);
  return Number.isNaN(time.getTime()) ? {} : { mtime: time.toISOString() };
}

/** Undefined for what is no photo's line: what comes back from here goes into the ledger, which must stay readable. */
export function parseCatalogueLine(text: string): CatalogueLine | undefined {
  const value = parse(text);
  if (!isVersion(value) || !("path" in value) || typeof value.path !== "string") return undefined;
  const { previous, changedKeys } = value as { previous?: unknown; changedKeys?: unknown };
  if (previous !== undefined && !(Array.isArray(previous) && previous.every(isVersion))) return undefined;
  if (changedKeys !== undefined && !(Array.isArray(changedKeys) && changedKeys.every(isText))) return undefined;
  return value as CatalogueLine;
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isVersion(value: unknown): value is CatalogueVersion {
  if (typeof value !== "object" || value === null) return false;
  const { key, size, sha256, etag, mtime, uploadedAt } = value as Record<string, unknown>;
  if (typeof key !== "string" || !isTime(uploadedAt)) return false;
  if (mtime !== undefined && !(typeof mtime === "string" && Number.isFinite(Date.parse(mtime)))) return false;
  if (!Number.isSafeInteger(size) || (size as number) < 0) return false;
  return [sha256, etag].every((text) => text === undefined || typeof text === "string");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
