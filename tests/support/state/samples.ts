import type { Destination } from "../../../helper/state/files/destination.ts";
import type { Failure } from "../../../helper/state/files/failures.ts";
import type { LedgerEntry } from "../../../helper/state/files/ledger-entry.ts";
import type { Status } from "../../../helper/state/files/status.ts";

export const someTime = "2026-11-22T20:52:02.123Z";

export const someDestination: Destination = { region: "us-east-1", bucket: "photos-of-mine", prefix: "photos" };
export const otherDestination: Destination = { region: "us-east-1", bucket: "another", prefix: "photos" };

export function someEntry(number: number): LedgerEntry {
  return {
    uploadedAt: new Date(Date.parse(someTime) + number).toISOString(),
    size: 20_000 + number,
    s3Key: `photos/Pictures/IMG_${number}.jpg`,
    mtimeMs: 1_700_000_000_000.25 + number,
    sha256: number.toString(16).padStart(64, "0"),
    proof: "uploaded",
  };
}

export function someFailure(attempts = 1): Failure {
  return { code: "timeout", kind: "failed", attempts, firstAt: someTime, lastAt: someTime, nextTryAt: someTime };
}

export function someStatus(changes: Partial<Status> = {}): Status {
  return {
    version: 1,
    mode: "daemon",
    helperVersion: "0.1.0",
    pid: process.pid,
    processStartTime: "then",
    startedAt: someTime,
    heartbeatAt: someTime,
    activity: "idle",
    health: { code: "ok", since: someTime },
    queue: { photos: 0, bytes: 0 },
    counts: {
      onDisk: 0,
      backedUp: 0,
      waiting: 0,
      failed: 0,
      deferred: 0,
      unreadableFolders: 0,
      leftAlone: 0,
      leftAloneByExtension: {},
    },
    speedBytesPerSecond: 0,
    folders: [],
    run: { uploaded: 0, bytesUploaded: 0, requests: 0, startedAt: someTime },
    ...changes,
  };
}
