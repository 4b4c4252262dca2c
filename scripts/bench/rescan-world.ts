import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../../helper/backup/clock.ts";
import { CatalogueSeries } from "../../helper/catalogue/catalogue-series.ts";
import type { Destination } from "../../helper/state/files/destination.ts";
import { destinationId } from "../../helper/state/files/destination-id.ts";
import { ensureStateDirs } from "../../helper/state/files/ensure-state-dirs.ts";
import type { LedgerEntry } from "../../helper/state/files/ledger-entry.ts";
import type { Settings } from "../../helper/state/files/settings.ts";
import { writeFileAtomic } from "../../helper/state/files/write-file-atomic.ts";
import { ledgerLines } from "../../helper/state/ledger/ledger-lines.ts";
import { openLedger } from "../../helper/state/ledger/open-ledger.ts";
import { statePaths, type StatePaths } from "../../helper/state/state-paths.ts";

export const benchDestination: Destination = {
  endpoint: "http://127.0.0.1:9",
  region: "us-east-1",
  bucket: "bench",
  prefix: "photos",
};

/** An entry as an upload leaves it, with every field that an AWS upload of a JPEG fills. */
export function benchEntry(number: number, relativePath: string): LedgerEntry {
  return {
    uploadedAt: new Date(1_760_000_000_000 + number).toISOString(),
    size: 1,
    s3Key: `photos/Pictures/${relativePath}`,
    mtimeMs: 1_700_000_000_000.25 + number,
    ctimeMs: 1_700_000_000_001.5 + number,
    inode: 10_000_000 + number,
    sha256: createHash("sha256").update(String(number)).digest("hex"),
    etag: createHash("md5").update(String(number)).digest("hex"),
    takenAt: "2024-05-01T12:34:56+02:00",
    proof: "uploaded",
  };
}

/** `<folder>/<file>` of photo number `number`, a hundred to a folder. */
export function benchPath(number: number): string {
  const folder = String(Math.floor(number / 100)).padStart(5, "0");
  return `album-${folder}/IMG_${String(number).padStart(7, "0")}.jpg`;
}

/** Files of one byte, a hundred to a folder: the cost of a rescan is names and times, never bytes. */
export function makePhotos(root: string, count: number): void {
  for (let number = 0; number < count; number += 1) {
    if (number % 100 === 0) mkdirSync(join(root, benchPath(number), ".."), { recursive: true });
    writeFileSync(join(root, benchPath(number)), "x");
  }
}

/** The state that a complete backup of `makePhotos` would have left: nothing is to do. */
export async function makeBackedUpState(stateDir: string, root: string, count: number): Promise<StatePaths> {
  const paths = statePaths({ env: { PHOTOLALA_STATE_DIR: stateDir }, platform: "linux", homeDir: "/nowhere" });
  await ensureStateDirs(paths);
  await writeFileAtomic(paths.settings, JSON.stringify(settingsOf(root)));
  const head = { version: 1 as const, generation: 1, destination: benchDestination, lastBackup: null };
  await writeFileAtomic(paths.ledger, ledgerLines(head, entriesOnDisk(root, count)));
  await comeToRest(paths);
  return paths;
}

/** A journal beside the ledger, and a catalogue in the bucket that is known to have all of it. */
async function comeToRest(paths: StatePaths): Promise<void> {
  const ledger = await openLedger(paths, benchDestination);
  await ledger.close();
  const series = await CatalogueSeries.open({ paths, destination: benchDestination, clock: systemClock });
  const { generation, journalBytes, size } = ledger;
  await series.save({ covered: { generation, journalBytes, entries: size }, snapshotBytes: 1 });
}

function* entriesOnDisk(root: string, count: number): Generator<[string, LedgerEntry]> {
  for (let number = 0; number < count; number += 1) {
    const path = join(root, benchPath(number));
    const { size, mtimeMs, ctimeMs, ino } = lstatSync(path);
    yield [path, { ...benchEntry(number, benchPath(number)), size, mtimeMs, ctimeMs, inode: ino }];
  }
}

function settingsOf(root: string): Settings {
  const addedAt = "2026-01-01T00:00:00.000Z";
  const destination = benchDestination;
  return {
    version: 1,
    destination,
    consent: { grantedAt: addedAt, destinationId: destinationId(destination), destination },
    folders: [{ path: root, label: "Pictures", addedAt }],
    labels: { [root]: "Pictures" },
    paused: false,
    notifications: false,
  };
}
