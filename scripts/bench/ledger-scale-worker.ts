// `ledger-scale-worker.ts make|measure STATE_DIR ENTRIES`: what `ledger-scale.ts` runs in processes of their own.
import { statSync } from "node:fs";
import { monitorEventLoopDelay, performance } from "node:perf_hooks";
import { setImmediate as yieldToEvents } from "node:timers/promises";
import { ensureStateDirs } from "../../helper/state/files/ensure-state-dirs.ts";
import type { LedgerEntry } from "../../helper/state/files/ledger-entry.ts";
import { writeFileAtomic } from "../../helper/state/files/write-file-atomic.ts";
import { ledgerLines } from "../../helper/state/ledger/ledger-lines.ts";
import { openLedger } from "../../helper/state/ledger/open-ledger.ts";
import { statePaths } from "../../helper/state/state-paths.ts";
import type { LedgerFigures } from "./ledger-scale.ts";
import { benchDestination, benchEntry, benchPath } from "./rescan-world.ts";

const uploads = 20_000;
const [step, stateDir = "", entries] = process.argv.slice(2);
const count = Number(entries);
const paths = statePaths({ env: { PHOTOLALA_STATE_DIR: stateDir }, platform: "linux", homeDir: "/nowhere" });

await (step === "make" ? make() : measure());

async function make(): Promise<void> {
  await ensureStateDirs(paths);
  const head = { version: 1 as const, generation: 1, destination: benchDestination, lastBackup: null };
  await writeFileAtomic(paths.ledger, ledgerLines(head, manyEntries()));
  await (await openLedger(paths, benchDestination)).close();
}

function* manyEntries(): Generator<[string, LedgerEntry]> {
  for (let number = 0; number < count; number += 1) yield entryAt(number);
}

function entryAt(number: number): [string, LedgerEntry] {
  return [`/Users/someone/Pictures/${benchPath(number)}`, benchEntry(number, benchPath(number))];
}

async function measure(): Promise<void> {
  const diskMb = statSync(paths.ledger).size / 1e6;
  const openedFrom = performance.now();
  const ledger = await openLedger(paths, benchDestination);
  const openMs = performance.now() - openedFrom;
  const openMiB = process.memoryUsage.rss() / 1024 / 1024;
  const uploadMicroseconds = (await uploadMany(ledger)) / (uploads / 1000);
  ledger.put(...entryAt(0));
  const { foldMs, heldMs } = await foldWatched(ledger);
  await ledger.close();
  const figures: LedgerFigures = { diskMb, openMs, openMiB, uploadMicroseconds, foldMs, heldMs };
  process.stdout.write(JSON.stringify(figures));
}

type OpenLedger = Awaited<ReturnType<typeof openLedger>>;

async function uploadMany(ledger: OpenLedger): Promise<number> {
  const news = Array.from({ length: uploads }, (_, number) => entryAt(count + number));
  const from = performance.now();
  for (const [path, entry] of news) {
    ledger.put(path, entry);
    if (ledger.shouldFold()) await ledger.fold();
  }
  return performance.now() - from;
}

async function foldWatched(ledger: OpenLedger): Promise<{ foldMs: number; heldMs: number }> {
  await yieldToEvents();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const from = performance.now();
  await ledger.fold();
  const foldMs = performance.now() - from;
  delay.disable();
  return { foldMs, heldMs: delay.max / 1e6 };
}
