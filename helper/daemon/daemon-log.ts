import { createHash } from "node:crypto";
import pino, { type Logger } from "pino";
import { createStream } from "rotating-file-stream";

const daysKept = 7;

/** The helper's log: one file a day, a week kept, no path and no secret in it. */
export function openDaemonLog(logDir: string): { log: Logger; close(): Promise<void> } {
  const stream = createStream(logName, { path: logDir, interval: "1d", maxFiles: daysKept, mode: 0o600 });
  // A log that cannot be written must not stop a backup that can.
  stream.on("error", () => undefined);
  const log = pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  const close = () => new Promise<void>((resolve) => stream.end(resolve));
  return { log, close };
}

function logName(time: Date | number | null): string {
  if (!time) return "helper.log";
  return `helper-${new Date(time).toISOString().slice(0, 10)}.log`;
}

/** What stands for a file in the log: the same for the same path, and nothing can be read from it. */
export function fileId(path: string): string {
  return createHash("sha256").update(path).digest("hex").slice(0, 12);
}
