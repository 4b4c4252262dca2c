import prettyBytes from "pretty-bytes";
import prettyMilliseconds from "pretty-ms";
import type { FoundCatalogue } from "../catalogue/find-lost-pieces.ts";
import { shareWords } from "../state/files/verification-share.ts";
import type { BackupError } from "../state/errors/backup-error.ts";
import type { DiskSummary } from "../verify/compare-disk.ts";
import type { Finding, VerifySummary } from "../verify/verify-summary.ts";

export interface VerifyReport {
  place: string;
  summary: VerifySummary;
  /** Of our own catalogue in the bucket; undefined where it was not looked at or the bucket does not tell. */
  catalogue?: FoundCatalogue | undefined;
  /** What kept it from being looked at. */
  catalogueError?: BackupError | undefined;
  disk: DiskSummary | undefined;
  /** Stopped before its end: it proves nothing of the whole. */
  isPartial: boolean;
  /** Only some folders were looked at. */
  isOfFolders: boolean;
  /** What becomes of lost photos: written into the ledger, left to the running helper, or nothing was lost. */
  noted: "ledger" | "helper" | "none";
  /** What kept it from being written down. */
  unwritten?: BackupError | undefined;
  elapsedMs: number;
}

const findingsShownMost = 20;
const foldersNamedMost = 20;

const verdictWords = { missing: "Gone", changed: "Changed", unproved: "Unclear" } as const;

/** What a verification found, for a person; it claims no more than was looked at. */
export function verifyWords(report: VerifyReport): string {
  const { summary, disk, noted } = report;
  const lines = [headline(report), "", ...table(report).map(([name, value]) => `  ${name.padEnd(20)}${value}`)];
  const shown = summary.findings.slice(0, findingsShownMost);
  if (shown.length > 0) lines.push("", ...shown.map(findingWords));
  if (summary.findings.length > shown.length)
    lines.push(`and ${count(summary.findings.length - shown.length)} more; --json lists them.`);
  if (noted === "ledger")
    lines.push("", "The next `backup` sends again what is on this computer; `failures` then lists what is not.");
  if (noted === "helper")
    lines.push("", "The background helper looks at them and sends again what is on this computer.");
  if (report.catalogue && report.catalogue.missing > 0)
    lines.push(
      "",
      "The catalogue tells dates, paths and hashes if this computer is lost; the next `backup` stores it anew.",
    );
  if (summary.unproved > 0) lines.push("", "What is unclear only its bytes can tell: --read-data reads them.");
  if (disk && disk.notBackedUp > 0) lines.push("", "Run `backup` to send what is not backed up.");
  if (report.unwritten) lines.push("", unwrittenWords(report.unwritten));
  return lines.join("\n");
}

function unwrittenWords({ reason, detail }: BackupError): string {
  return `This could not be written down, so nothing is sent again for it (${detail ?? reason.title}).\n${reason.mend}`;
}

function headline({ place, summary, isPartial, isOfFolders }: VerifyReport): string {
  const { objects, present, method } = summary;
  if (isPartial) {
    const seen = objects - summary.notAsked;
    return `Stopped: ${count(seen)} of ${count(objects)} objects in ${place} were looked at. This is no proof and was not kept.`;
  }
  if (objects === 0 && isOfFolders)
    return `Nothing in these folders has been backed up to ${place}, so there is nothing to verify.`;
  if (objects === 0) return `Nothing has been backed up to ${place} yet, so there is nothing to verify.`;
  const all = isOfFolders ? "of these folders" : "of the backup";
  if (present < objects) return `${count(present)} of ${count(objects)} objects ${all} are in ${place} as noted.`;
  const how = method === "listing" ? "by its listing" : "asked one by one";
  return `All ${count(objects)} objects ${all} are in ${place}, ${how}: each with the size and ETag of its upload.`;
}

function table({ summary, catalogue, catalogueError, disk, elapsedMs }: VerifyReport): [string, string][] {
  const { missing, changed, unproved, notAsked, extra, read, method, objects } = summary;
  const rows: [string, string][] = [];
  if (missing > 0) rows.push(["Gone", count(missing)]);
  if (changed > 0) rows.push(["Changed", count(changed)]);
  if (unproved > 0) rows.push(["Unclear", count(unproved)]);
  if (notAsked > 0) rows.push(["Not looked at", count(notAsked)]);
  if (catalogue && catalogue.missing > 0)
    rows.push(["Catalogue", `${count(catalogue.missing)} of its ${count(catalogue.pieces)} objects gone`]);
  if (catalogueError) rows.push(["Catalogue", `not looked at: ${catalogueError.reason.title}`]);
  if (method === "listing" && objects > 0)
    rows.push(["Not ours", `${count(extra)} other ${extra === 1 ? "object" : "objects"} under the prefix`]);
  rows.push(["Bytes read", read ? readWords(summary) : "none; --read-data reads them"]);
  if (disk) {
    rows.push(["On this computer", `${count(disk.backedUp)} of ${count(disk.onDisk)} photos backed up as they are`]);
    if (disk.notBackedUp > 0) rows.push(["Not backed up", count(disk.notBackedUp)]);
    rows.push(...unreadableRows(disk));
    if (disk.onlyInBucket > 0) rows.push(["Only in the bucket", count(disk.onlyInBucket)]);
  }
  rows.push(["Took", prettyMilliseconds(elapsedMs, { secondsDecimalDigits: 1 })]);
  return rows;
}

/** Folders by name: one may be a disk that is not connected. */
function unreadableRows({ unreadable, unreadableFolders }: DiskSummary): [string, string][] {
  const named = unreadableFolders.slice(0, foldersNamedMost);
  const others = unreadable - named.length;
  const rows = named.map((folder): [string, string] => ["Not readable", folder]);
  const what = named.length > 0 ? "more" : others === 1 ? "photo" : "photos";
  if (others > 0) rows.push(["Not readable", `${count(others)} ${what}`]);
  return rows;
}

function readWords({ read, bytes }: VerifySummary): string {
  if (!read) return "none";
  const share = `${prettyBytes(read.bytes)}, ${shareWords(read.bytes, bytes)} of all`;
  const seed = read.percent < 100 ? `; seed ${read.seed}` : "";
  const proved = `${count(read.proved)} of ${count(read.objects)} objects have their SHA-256`;
  return `${share}: ${proved}${seed}`;
}

function findingWords({ key, verdict, paths, isEarlier }: Finding): string {
  const what = isEarlier ? "an earlier version of " : "";
  return `${verdictWords[verdict]}: ${key}\n  ${what}${paths.join(", ")}`;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}
