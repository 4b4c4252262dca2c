import { z } from "zod";
import { destinationSchema } from "./destination.ts";

const count = z.int().nonnegative();
const time = z.iso.datetime();

/**
 * `status.json`: what the helper is doing, a few kB, written by the one helper that holds `helper.lock` at least every
 * `heartbeatIntervalMs` while it works. A reader must check with `isHelperAlive` before it believes `activity`.
 */
export const statusSchema = z.looseObject({
  version: z.literal(1),
  mode: z.enum(["daemon", "cli"]),
  helperVersion: z.string(),
  pid: z.int(),
  /** Tells this process from a later one that got the same pid; see `processStartTime`. */
  processStartTime: z.string(),
  startedAt: time,
  heartbeatAt: time,
  activity: z.enum(["starting", "idle", "scanning", "uploading", "waiting", "paused", "stopped"]),
  /** "ok", or what stops or holds the whole run. */
  health: z.looseObject({ code: z.string(), detail: z.string().optional(), since: time, nextTryAt: time.optional() }),
  destination: destinationSchema.optional(),
  current: z.looseObject({ path: z.string(), sizeBytes: count, sentBytes: count, startedAt: time }).optional(),
  /** Photos known to need an upload in this run, and their bytes; grows while the scan goes on. */
  queue: z.looseObject({ photos: count, bytes: count }),
  /** Of the files on disk now in the folders last scanned. `backedUp + waiting + failed + deferred === onDisk`. */
  counts: z.looseObject({
    onDisk: count,
    backedUp: count,
    waiting: count,
    failed: count,
    deferred: count,
    unreadableFolders: count,
    leftAlone: count,
    leftAloneByExtension: z.record(z.string(), count),
  }),
  speedBytesPerSecond: z.number().nonnegative(),
  secondsLeft: z.number().nonnegative().optional(),
  /** End of the last scan of every chosen folder that read everything and left nothing waiting, failed or deferred. */
  lastBackup: time.optional(),
  /** The newest piece of the catalogue in the bucket, and how many there are of this installation's. */
  catalogue: z.looseObject({ storedAt: time, pieces: count }).optional(),
  /** End of the last scan, whatever it found. */
  lastScan: time.optional(),
  /** End of the last upload that S3 confirmed. */
  lastUpload: time.optional(),
  /** Photos in the ledger, those that are no longer on disk too. */
  recorded: count.optional(),
  /** Of them, photos whose objects were lost and whose files wait to be sent again. */
  lost: count.optional(),
  folders: z.array(
    z.looseObject({
      path: z.string(),
      label: z.string(),
      /** "ok", or the folder's reason code. */
      state: z.string(),
      onDisk: count,
      backedUp: count,
    }),
  ),
  run: z.looseObject({ uploaded: count, bytesUploaded: count, requests: count, startedAt: time }),
});

export type Status = z.infer<typeof statusSchema>;

/** A working helper writes its heartbeat this often. */
export const heartbeatIntervalMs = 15_000;

/** A heartbeat older than this means the helper is gone or hangs. */
export const heartbeatStaleMs = 60_000;
