import prettyBytes from "pretty-bytes";
import prettyMilliseconds from "pretty-ms";
import { isComplete, type RunSummary } from "../backup/run-summary.ts";
import { reasons, type ReasonCode } from "../state/errors/reasons.ts";
import type { Destination } from "../state/files/destination.ts";
import { grouped } from "./counted.ts";
import { leftOpenWords } from "./left-open-words.ts";
import { lostWords } from "./lost-words.ts";

interface About {
  destination: Destination;
  /** Name of a broken ledger that was set aside, if one was. */
  setAside: string | undefined;
  /** Photos of earlier backups that are nowhere any more. */
  lost?: number;
}

/** What a run did, for a person. */
export function summaryWords(summary: RunSummary, about: About): string {
  const place = `${about.destination.bucket}${about.destination.prefix ? `/${about.destination.prefix}` : ""}`;
  const lines = [headline(summary, place, about.lost ?? 0), "", ...table(summary)];
  if (about.setAside)
    lines.push(
      "",
      `The ledger could not be read and was kept as ${about.setAside}; a new one was made from the bucket.`,
    );
  if (about.lost) lines.push("", lostWords(about.lost));
  if (summary.uploadsLeftOpen) lines.push("", leftOpenWords(summary.uploadsLeftOpen));
  if (summary.catalogueError) lines.push("", catalogueWords(summary.catalogueError));
  if (!isComplete(summary)) lines.push("", "Run `failures` to see which, why, and what mends it.");
  return lines.join("\n");
}

function headline(summary: RunSummary, place: string, lost: number): string {
  const { scanned } = summary;
  if (scanned === 0 && isComplete(summary)) return "There are no photos in these folders.";
  if (isComplete(summary)) return completeWords(summary, place, lost);
  const there = summary.uploaded + summary.alreadyBackedUp;
  const known = `${grouped(there)} of ${grouped(scanned)} photos are in ${place}`;
  if (there < scanned) return `${known}; the others are not backed up yet.`;
  return `${known}, but ${folders(summary.unreadableFolders.length)} could not be read: there may be more.`;
}

/** Where nothing was new the bucket was not asked, so the words claim no more than what is on record. */
function completeWords({ scanned, requests }: RunSummary, place: string, lost: number): string {
  // Of those that are no longer here "all" would say too much.
  const here = lost > 0 ? " on this computer" : "";
  const photos = scanned === 1 ? `The one photo${here} is` : `All ${grouped(scanned)} photos${here} are`;
  if (requests > 0) return `${photos} in ${place}.`;
  return `${photos} on record as backed up to ${place}. Nothing was new, so the bucket was not asked.`;
}

/** Without it the bucket alone does not tell where each photo belongs. */
function catalogueWords(code: string): string {
  const { what, mend } = reasons["catalogue-behind"];
  const cause = (reasons[code as ReasonCode] ?? reasons.unknown).title;
  return `${what} (${cause}) ${mend}`;
}

function folders(number: number): string {
  return number === 1 ? "1 folder" : `${grouped(number)} folders`;
}

function table(summary: RunSummary): string[] {
  const speed = summary.elapsedMs > 0 ? (summary.bytesUploaded * 1000) / summary.elapsedMs : 0;
  const rows: [string, string][] = [
    ["Uploaded", summary.uploaded === 0 ? "0" : uploadedWords(summary, speed)],
    ["Already there", grouped(summary.alreadyBackedUp)],
  ];
  if (summary.duplicates > 0)
    rows.push([
      "  of these, copies",
      `${grouped(summary.duplicates)} (moved, renamed or copied: the bytes are sent only once)`,
    ]);
  if (summary.conflicts > 0)
    rows.push(["Resolved conflicts", `${grouped(summary.conflicts)} (something else had the name; both are kept)`]);
  if (summary.failed > 0) rows.push(["Failed", grouped(summary.failed)]);
  if (summary.deferred > 0) rows.push(["Left for later", grouped(summary.deferred)]);
  for (const folder of summary.unreadableFolders) rows.push(["Not readable", folder]);
  const leftAlone = Object.entries(summary.leftAlone).sort(([, a], [, b]) => b - a);
  if (leftAlone.length > 0) rows.push(["Not photos", leftAlone.map(extensionWords).slice(0, 8).join(", ")]);
  rows.push(["Took", prettyMilliseconds(summary.elapsedMs, { secondsDecimalDigits: 1 })]);
  return rows.map(([name, value]) => `  ${name.padEnd(20)}${value}`);
}

function uploadedWords({ uploaded, bytesUploaded }: RunSummary, bytesPerSecond: number): string {
  return `${grouped(uploaded)} (${prettyBytes(bytesUploaded)}, ${prettyBytes(bytesPerSecond)}/s)`;
}

function extensionWords([extension, files]: [string, number]): string {
  return `${grouped(files)} ${extension === "" ? "without extension" : extension.startsWith("(") ? extension : `.${extension}`}`;
}
