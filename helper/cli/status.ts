import type { Command } from "commander";
import { formatDistanceStrict } from "date-fns";
import prettyBytes from "pretty-bytes";
import { reasons, type ReasonCode } from "../state/errors/reasons.ts";
import { countLeftUploads } from "../state/files/count-left-uploads.ts";
import { readCapabilities } from "../state/files/capabilities-store.ts";
import type { Capabilities } from "../state/files/capabilities.ts";
import { conditionalWriteWords } from "../state/files/conditional-write-words.ts";
import { isHelperAlive } from "../state/files/is-helper-alive.ts";
import { areSettingsBroken } from "../state/files/settings-store.ts";
import { readStatus } from "../state/files/status-store.ts";
import type { Status } from "../state/files/status.ts";
import { proofWords } from "../state/files/verification-share.ts";
import { readVerification } from "../state/files/verification-store.ts";
import { readJournaledFailures } from "../state/ledger/read-journaled-failures.ts";
import type { Verification } from "../state/files/verification.ts";
import type { CliContext } from "./cli-context.ts";
import { leftOpenWords } from "./left-open-words.ts";
import { countLost, lostWords } from "./lost-words.ts";
import { report, type CommandResult } from "./report.ts";

export function addStatusCommand(program: Command, context: CliContext, exit: (code: number) => void): void {
  program
    .command("status")
    .description("what is backed up, what is going on, and when the last backup was")
    .option("--json", "print one JSON object instead of words")
    .action(async (options: { json?: boolean }) => exit(await report(context, options, () => status(context))));
}

async function status(context: CliContext): Promise<CommandResult> {
  const last = await readStatus(context.paths);
  const settingsBroken = await areSettingsBroken(context.paths);
  if (!last) {
    const words = `No backup has run yet.${settingsBroken ? `\n${settingsBrokenWords}` : ""}`;
    return { json: { running: false, status: null, verification: null, settingsBroken }, words };
  }
  const running = isHelperAlive(last, { now: context.now });
  const at = last.destination;
  const verification = at && (await readVerification(context.paths, at));
  const capabilities = at && (await readCapabilities(context.paths, at));
  const lostEverywhere = countLost(await readJournaledFailures(context.paths));
  const uploadsLeftOpen = at ? await countLeftUploads(context.paths, at) : 0;
  return {
    json: {
      ...{ running, status: last, verification: verification ?? null, capabilities: capabilities ?? null },
      ...{ lostEverywhere, uploadsLeftOpen, settingsBroken },
    },
    words: statusWords({
      ...{ status: last, running, verification, capabilities, lostEverywhere, uploadsLeftOpen, settingsBroken },
      now: context.now(),
    }),
  };
}

interface Shown {
  status: Status;
  running: boolean;
  verification: Verification | undefined;
  capabilities: Capabilities | undefined;
  lostEverywhere: number;
  uploadsLeftOpen: number;
  settingsBroken: boolean;
  now: number;
}

const settingsBrokenWords = `settings.json cannot be read, so no backup can run. ${reasons["settings-broken"].mend}`;

function statusWords(shown: Shown): string {
  const { status, running, verification, capabilities, lostEverywhere, uploadsLeftOpen, settingsBroken, now } = shown;
  const rows: [string, string][] = [["Helper", helperWords(status, running, now)]];
  if (status.destination) {
    const { bucket, prefix, endpoint, region } = status.destination;
    rows.push(["Bucket", `${bucket}${prefix ? `/${prefix}` : ""} at ${endpoint ?? `AWS, ${region}`}`]);
  }
  if (capabilities) rows.push(["No overwrite", conditionalWriteWords(capabilities, { inFull: true })]);
  rows.push(["Photos", photosWords(status)]);
  if (status.counts.waiting > 0)
    rows.push(["Waiting", `${number(status.counts.waiting)} (${prettyBytes(status.queue.bytes)})`]);
  if (running && status.current) rows.push(["Uploading", currentWords(status.current)]);
  if (status.health.code !== "ok") rows.push(["Trouble", troubleWords(status.health)]);
  if (settingsBroken) rows.push(["Trouble", settingsBrokenWords]);
  rows.push(["Last backup", status.lastBackup ? `complete ${ago(status.lastBackup, now)}` : "never complete yet"]);
  rows.push(["Last proof", proofRow(verification, status, now)]);
  if ((status.lost ?? 0) > 0) rows.push(["Lost", `${number(status.lost ?? 0)} in the bucket, to be sent again`]);
  if (lostEverywhere > 0) rows.push(["Gone", lostWords(lostEverywhere)]);
  if (uploadsLeftOpen > 0) rows.push(["Unfinished", leftOpenWords(uploadsLeftOpen)]);
  if (status.catalogue) rows.push(["Catalogue", `stored in the bucket ${ago(status.catalogue.storedAt, now)}`]);
  if (status.lastScan) rows.push(["Last scan", ago(status.lastScan, now)]);
  if (status.lastUpload) rows.push(["Last upload", ago(status.lastUpload, now)]);
  for (const folder of status.folders) {
    rows.push([
      "Folder",
      `${folder.path}: ${number(folder.backedUp)} of ${number(folder.onDisk)}${folderTrouble(folder.state)}`,
    ]);
  }
  return rows.map(([name, words]) => `${name.padEnd(13)}${words}`).join("\n");
}

/** "3 days ago: 100 % there by listing, 5 % of the bytes read": what is proved to be there to be restored. */
function proofRow(verification: Verification | undefined, { recorded }: Status, now: number): string {
  if (!verification?.presence) return "not verified yet; `verify` does";
  const { presence, reading } = verification;
  const words = `${ago(presence.at, now)}: ${proofWords(verification, recorded)}`;
  return reading && reading.at !== presence.at ? `${words} ${ago(reading.at, now)}` : words;
}

/** A helper is said to do something only while it is alive to do it. */
function helperWords(status: Status, running: boolean, now: number): string {
  if (running) return `${status.activity} (${status.mode}, pid ${status.pid})`;
  return `not running; last heard of ${ago(status.heartbeatAt, now)}`;
}

function photosWords({ activity, counts, lastScan }: Status): string {
  if (!lastScan && counts.onDisk === 0) return "not scanned yet";
  const parts = [`${number(counts.backedUp)} of ${number(counts.onDisk)} backed up`];
  if (counts.failed > 0) parts.push(`${number(counts.failed)} failed`);
  if (counts.deferred > 0) parts.push(`${number(counts.deferred)} left for later`);
  if (counts.unreadableFolders === 1) parts.push("1 folder not readable");
  if (counts.unreadableFolders > 1) parts.push(`${number(counts.unreadableFolders)} folders not readable`);
  if (activity === "paused") parts.push("as of the last scan");
  return parts.join(", ");
}

function currentWords(current: NonNullable<Status["current"]>): string {
  return `${current.path} (${prettyBytes(current.sentBytes)} of ${prettyBytes(current.sizeBytes)})`;
}

function troubleWords(health: Status["health"]): string {
  const reason = reasons[health.code as ReasonCode] ?? reasons.unknown;
  return `${reason.title}: ${reason.what}${health.detail ? ` (${health.detail})` : ""} ${reason.mend}`;
}

function folderTrouble(state: string): string {
  if (state === "ok") return "";
  return ` — ${(reasons[state as ReasonCode] ?? reasons.unknown).title}`;
}

function ago(time: string, now: number): string {
  if (now - Date.parse(time) < 10_000) return "just now";
  return formatDistanceStrict(new Date(time), now, { addSuffix: true });
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
